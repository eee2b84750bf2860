/* Takes files that are dropped or chosen one by one, and shows what came of each. Without it the form sends them all. */
(function () {
  "use strict";
  var form = document.getElementById("drop"), input = document.getElementById("files");
  var list = document.getElementById("came"), said = document.getElementById("said"), bar = document.getElementById("bar");
  if (!form || !window.fetch || !window.DOMParser) return;
  var busy = false;

  function show(html) {
    var found = new DOMParser().parseFromString("<ul>" + html + "</ul>", "text/html").querySelectorAll("li");
    for (var i = found.length - 1; i >= 0; i--) list.insertBefore(document.importNode(found[i], true), list.firstChild);
  }

  function failed(file) {
    var item = document.createElement("li");
    item.className = "came bad";
    item.textContent = file.name + ": " + form.getAttribute("data-failed");
    list.insertBefore(item, list.firstChild);
  }

  function send(files, at, lost) {
    if (at >= files.length) {
      // What the server says of all of them together is the truth; only what never reached it stays here.
      if (!lost) window.location.reload();
      busy = false;
      said.textContent = "";
      bar.hidden = true;
      return;
    }
    var body = new FormData();
    body.append("token", form.elements.token.value);
    body.append("one", "yes");
    body.append("files", files[at], files[at].name);
    said.textContent = form.getAttribute("data-sending").replace("{number}", at + 1).replace("{total}", files.length);
    bar.value = at / files.length;
    fetch(form.action, { method: "POST", body: body, credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      // A session that has ended leads away: the page says so itself.
      if (answer.type === "opaqueredirect") { window.location.reload(); return; }
      if (!answer.ok) throw new Error();
      return answer.text().then(function (html) { show(html); send(files, at + 1, lost); });
    }).catch(function () { failed(files[at]); send(files, at + 1, true); });
  }

  function take(files) {
    if (busy || !files.length) return;
    busy = true;
    bar.hidden = false;
    send(Array.prototype.slice.call(files), 0, false);
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); take(input.files); });
  ["dragenter", "dragover"].forEach(function (name) {
    document.addEventListener(name, function (event) { event.preventDefault(); form.classList.add("over"); });
  });
  document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", function (event) {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer) take(event.dataTransfer.files);
  });
})();
