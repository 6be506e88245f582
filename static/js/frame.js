// The only script on every page: after a refused form, the summary of what is wrong takes the focus.
document.querySelector("[data-takes-focus]")?.focus();
