/* Offers the time of the device that shows this page, where somebody would have to type it. */
(function () {
  var form = document.getElementById("set");
  if (!form) return;
  var button = document.createElement("button"), now;

  function two(number) { return (number < 10 ? "0" : "") + number; }

  button.type = "button";
  button.className = "act line";
  button.textContent = form.getAttribute("data-use");
  button.onclick = function () {
    now = new Date();
    form.day.value = now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
    form.time.value = two(now.getHours()) + ":" + two(now.getMinutes());
  };
  form.insertBefore(button, form.firstChild);
})();
