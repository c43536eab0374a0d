// The entry of this page in the browser's history holds what was posted, and browsers write it to their disk to bring
// tabs back. An entry without it takes its place at once.
history.replaceState(null, "", location.pathname);
