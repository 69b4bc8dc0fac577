// Light or dark: the system's choice, until the operator makes another. Loaded
// before the page is drawn, so that it never flashes.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = localStorage.getItem("theme");
  if (chosen) root.dataset.theme = chosen;
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  const changed = () => {
    const button = document.getElementById("theme");
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Use the ${dark() ? "light" : "dark"} theme`);
    dispatchEvent(new Event("theme"));
  };
  addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme").addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      localStorage.setItem("theme", root.dataset.theme);
      changed();
    });
    changed();
  });
  system.addEventListener("change", changed);
})();
