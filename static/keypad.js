/* After a tap, brings the next question into view. Keys and screen readers move by themselves. */
(function () {
  var form = document.getElementById("refer"), bar = document.querySelector(".done");
  var mark = document.querySelector(".practice");
  if (!form || !bar) return;
  var next = { service: "who", who: "consent" };

  form.addEventListener("click", function (event) {
    var question = event.detail && event.target.type === "radio" && document.getElementById(next[event.target.name]);
    if (!question || question.querySelector(":checked")) return; /* not a finger, or it is answered */
    var box = question.getBoundingClientRect(), room = window.innerHeight - bar.offsetHeight;
    if (box.bottom > room) window.scrollBy(0, Math.min(box.top - (mark ? mark.offsetHeight : 0), box.bottom - room) + 8);
  });
})();
