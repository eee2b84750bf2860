/* Reads aloud, if the phone has a voice that needs no internet. */
(function () {
  var here = document.getElementById("listen"), synth = window.speechSynthesis;
  if (!here || !synth) return;
  var voice, button, word, said, turn = 0;

  function first(tag) { return tag.toLowerCase().split(/[-_]/)[0]; }

  function look() {
    var voices = synth.getVoices(), lang = first(here.lang || document.documentElement.lang);
    for (var i = 0; i < voices.length && !voice; i++)
      if (first(voices[i].lang) === lang && voices[i].localService !== false) voice = voices[i];
    if (voice && !button) add();
  }

  function add() {
    button = document.createElement("button");
    button.type = "button";
    button.innerHTML = here.getAttribute("data-picture");
    button.appendChild(word = document.createElement("span"));
    button.onclick = function () { if (said) stop(); else start(); };
    stop();
    here.parentNode.insertBefore(button, here);
  }

  function stop() {
    turn++;
    said = null;
    synth.cancel();
    show("act line", "data-listen");
  }

  function start() {
    show("act", "data-stop");
    say(document.querySelectorAll(here.lang ? ".say > p" : "h1, .text > p, .text > h2, .text > h3, .text > div, .text > * > li"), 0, turn);
  }

  function show(look, words) {
    button.className = look;
    word.textContent = here.getAttribute(words);
  }

  /* In parts: engines tire. */
  function say(parts, n, mine) {
    if (mine !== turn) return;
    if (n === parts.length) return stop();
    said = new SpeechSynthesisUtterance(parts[n].textContent);
    said.lang = voice.lang;
    said.voice = voice;
    said.onend = function () { say(parts, n + 1, mine); };
    said.onerror = function () {
      if (mine !== turn) return;
      stop();
      if (!n) button.parentNode.removeChild(button); /* it cannot speak */
    };
    synth.speak(said);
  }

  synth.onvoiceschanged = look;
  window.onpagehide = function () { if (said) stop(); };
  look();
})();
