// Says, under a box for words, when something in it may tell who wrote it or who a patient is. Nothing leaves the page.
(() => {
  const months = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
  const days = "mon|tues|wednes|thurs|fri|satur|sun";
  const jobs = "registrar|consultant|trainee|doctor|gp|partner|locum|nurse|sister|matron|midwife|pharmacist|technician|dentist|hygienist|therapist|physio\\w*|radiographer|receptionist|secretary|administrator|manager|supervisor|trainer|mentor|student|surgeon|an(?:a?)esthetist|hca|assistant|patient|wife|husband|mother|father|daughter|son|carer|colleague";
  const patterns = [
    /[\w.+-]{1,64}@[\w-]{1,63}(?:\.\w{1,63}){1,5}/,
    /(?:\d[ -]?){4,15}\d/,
    /\d{1,2}[/.]\d{1,2}[/.]\d{2,4}/,
    new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:${months})\\b`, "i"),
    new RegExp(`\\b(?:${months}) (?:the )?\\d{1,4}`, "i"),
    new RegExp(`\\b(?:last|next|this|on) (?:${days})day\\b`, "i"),
    /\b[a-pr-uwyz][a-hk-y]?\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2}\b/i,
    /\b\d{1,4}[a-z]? [A-Z]\w{1,30} (?:street|road|lane|avenue|close|drive|way|court|gardens)\b/i,
    /\b(?:ward|bay|bed|room|theatre|clinic) (?:no\.? ?)?\d{1,3}[a-z]?\b/i,
    /\b(?:dr|mr|mrs|ms|prof|professor|sister|nurse)\.? [A-Z]\w{1,30}/,
    new RegExp(`\\b(?:as|being) (?:his|her|their|the|a|an|the only|one of (?:his|her|their|the)) (?:\\w{1,20} ){0,2}(?:${jobs})s?\\b`, "i"),
    new RegExp(`\\bI(?:['’]m| am| was|['’]ve been| have been| work(?:ed)? as) (?:\\w{1,20} ){0,3}(?:${jobs})\\b`, "i"),
    new RegExp(`\\bwhen I was (?:\\w{1,20} ){0,3}(?:${jobs})\\b`, "i"),
  ];
  const found = (text) => {
    const all = new Set(patterns.map((pattern) => pattern.exec(text)?.[0].trim()).filter(Boolean));
    const apart = [...all].filter((one) => ![...all].some((other) => other !== one && other.includes(one)));
    return apart.slice(0, 3).map((one) => `“${one}”`).join(", ");
  };

  // A hint makes the page longer, so it waits while something is pressed: a button must not move under the pointer.
  let pressed = false;
  addEventListener("pointerdown", () => (pressed = true), true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => (pressed = false), 200), true);

  for (const place of document.querySelectorAll("[data-hint]")) {
    const box = document.getElementById(place.dataset.hint);
    if (!box) continue;
    let waiting = 0;
    let shown = "";
    const later = (time) => {
      clearTimeout(waiting);
      waiting = setTimeout(show, time);
    };
    const show = () => {
      if (pressed) return later(200);
      const words = found(box.value);
      if (words === shown) return;
      shown = words;
      place.textContent = words ? place.dataset.words.replace("{words}", () => words) : "";
    };
    box.addEventListener("input", () => later(700));
    box.addEventListener("blur", () => later(200));
    show();
  }
})();
