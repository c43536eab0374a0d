// A few comforts; every page does the same work without them.
(() => {
  const bytes = (text) => new TextEncoder().encode(text.replace(/\r?\n/g, "\n")).length;

  const summary = document.querySelector(".govuk-error-summary");
  if (summary) {
    summary.tabIndex = -1;
    summary.focus();
  }

  for (const link of document.querySelectorAll(".govuk-error-summary__list a")) {
    link.addEventListener("click", (event) => {
      const input = document.getElementById(link.hash.slice(1));
      if (!input) return;
      event.preventDefault();
      (input.closest("fieldset") || document.querySelector(`label[for="${CSS.escape(input.id)}"]`) || input).scrollIntoView();
      input.focus({ preventScroll: true });
    });
  }

  for (const box of document.querySelectorAll("textarea[data-limit]")) {
    const count = document.getElementById(`${box.id}-count`);
    if (!count) continue;
    const limit = Number(box.dataset.limit);
    const show = () => {
      const left = limit - bytes(box.value.trim());
      const many = Math.abs(left).toLocaleString(document.documentElement.lang);
      count.textContent = (left < 0 ? count.dataset.over : count.dataset.left).replace("{n}", many);
      count.classList.toggle("msf-count--over", left < 0);
    };
    box.addEventListener("input", show);
    show();
  }

  for (const form of document.querySelectorAll('form[method="post"]')) {
    let sent = 0;
    form.addEventListener("submit", (event) => {
      if (event.timeStamp - sent < 1000 && sent) event.preventDefault();
      else sent = event.timeStamp;
    });
  }
})();
