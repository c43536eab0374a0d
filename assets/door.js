// Takes the code out of the link's fragment, clears the address bar, and asks for the questionnaire.
(() => {
  const code = location.hash.slice(1);
  const box = document.getElementById("code");
  if (!code || !box) return;
  history.replaceState(null, "", location.pathname);
  box.value = code;
  box.form.submit();
})();
