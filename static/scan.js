/* Reads a slip's code with the camera, where a browser lends it: the door looks at each picture and keeps none. */
(function () {
  var here = document.getElementById("scan"), form = document.getElementById("typed");
  if (!here || !form || !window.isSecureContext || !navigator.mediaDevices || !window.fetch) return;
  var field = form.elements.code, token = form.elements.token.value;
  var button = add("button", "act line"), word, said = add("p", "said"), video, canvas = document.createElement("canvas");
  var stream, turn = 0, LONGEST = 60000, until; /* a camera that was forgotten goes dark */
  said.setAttribute("role", "status");
  button.type = "button";
  button.innerHTML = here.getAttribute("data-picture");
  button.appendChild(word = document.createElement("span"));
  button.onclick = function () { if (stream) stop(""); else start(); };
  window.onpagehide = function () { stop(""); };
  stop("");

  function add(what, look) {
    var made = document.createElement(what);
    made.className = look;
    return here.appendChild(made);
  }

  function tell(words) { said.textContent = words ? here.getAttribute(words) : ""; }

  function stop(words) {
    turn++;
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    if (video) here.removeChild(video);
    stream = video = null;
    word.textContent = here.getAttribute("data-scan");
    tell(words);
  }

  function start() {
    var mine = ++turn;
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: 640, height: 480 } }).then(function (found) {
      if (mine !== turn) return found.getTracks().forEach(function (track) { track.stop(); });
      stream = found;
      word.textContent = here.getAttribute("data-stop");
      tell("data-hold");
      video = add("video", "camera");
      video.muted = true;
      video.setAttribute("playsinline", "");
      video.srcObject = found;
      video.play();
      until = Date.now() + LONGEST;
      look(mine);
    }).catch(function () { if (mine === turn) stop("data-none"); });
  }

  function look(mine) {
    if (mine !== turn) return;
    if (Date.now() > until) return stop("");
    if (!video.videoWidth) return again(mine);
    fetch(here.getAttribute("data-to"), { method: "POST", body: picture(), credentials: "same-origin", redirect: "error" })
      .then(function (answer) {
        if (answer.status === 204 || answer.status === 429) return again(mine);
        if (!answer.ok) throw answer;
        return answer.text().then(function (code) {
          if (mine !== turn) return;
          stop("");
          field.value = code;
          form.submit();
        });
      })
      .catch(function () { if (mine === turn) { stop(""); location.reload(); } }); /* signed out, or the door is gone */
  }

  function again(mine) { setTimeout(function () { look(mine); }, 250); }

  /* One picture in grey, at most 640 by 640 points, a byte each. */
  function picture() {
    var scale = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
    var wide = canvas.width = Math.floor(video.videoWidth * scale), high = canvas.height = Math.floor(video.videoHeight * scale);
    var drawn = canvas.getContext("2d", { willReadFrequently: true });
    drawn.drawImage(video, 0, 0, wide, high);
    var seen = drawn.getImageData(0, 0, wide, high).data, grey = new Uint8Array(wide * high), sent = new FormData();
    for (var i = 0, j = 0; i < grey.length; i++, j += 4) grey[i] = (seen[j] * 77 + seen[j + 1] * 150 + seen[j + 2] * 29) >> 8;
    sent.append("token", token);
    sent.append("width", wide);
    sent.append("height", high);
    sent.append("picture", new Blob([grey], { type: "application/octet-stream" }));
    return sent;
  }
})();
