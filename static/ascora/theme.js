// Light or dark before the first paint. The choice is this browser's own.
(() => {
  "use strict";
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("ascora-theme") || "auto";
    } catch {
      return "auto";
    }
  };
  const show = () => {
    const theme = chosen();
    const dark = theme === "dark" || (theme === "auto" && prefersDark.matches);
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
  };
  window.ascoraTheme = {
    chosen,
    choose(theme) {
      try {
        localStorage.setItem("ascora-theme", theme);
      } catch {
        // A browser that keeps nothing shows its own preference.
      }
      show();
    },
  };
  prefersDark.addEventListener("change", show);
  show();
})();
