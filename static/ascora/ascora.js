// Small behaviours of every page: pop-ups, messages, live regions, the menu. No inline script anywhere.
(() => {
  "use strict";
  const dialog = document.getElementById("dialog");
  const toasts = document.getElementById("toasts");
  const announcer = document.getElementById("announcer");

  // --- Messages ---
  const LINGER = 6000;
  const linger = (notice) => {
    if (notice.matches(".notice-error, .notice-bad, .notice-warning, .notice-warn")) return;
    setTimeout(() => notice.remove(), LINGER);
  };
  const toast = (message, tone) => {
    const notice = document.createElement("div");
    notice.className = `notice notice-${tone}`;
    const text = document.createElement("span");
    text.className = "notice-text";
    text.textContent = message;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.setAttribute("aria-label", "Dismiss");
    close.dataset.dismiss = "";
    notice.append(text, close);
    // In front of a pop-up while one is open.
    (dialog.open ? dialog : toasts).append(notice);
    linger(notice);
  };
  document.querySelectorAll("[data-notice]").forEach(linger);
  document.body.addEventListener("ascora:toast", (event) => {
    toast(event.detail.message, event.detail.tone || "good");
  });

  // --- Pop-ups ---
  let isDirty = false;
  const discardBar = () => dialog.querySelector(".dialog-discard");
  const askToDiscard = (isAsking) => {
    const bar = discardBar();
    if (!bar) return;
    bar.hidden = !isAsking;
    if (isAsking) bar.querySelector("[data-keep]").focus();
  };
  const leaveDialog = () => {
    if (isDirty && discardBar()) askToDiscard(true);
    else dialog.close();
  };
  const openDialog = () => {
    if (!dialog.firstElementChild) return;
    if (!dialog.open) {
      isDirty = false;
      dialog.showModal();
    }
    const first =
      dialog.querySelector(".is-invalid, [aria-invalid=true]") ||
      dialog.querySelector("[autofocus]") ||
      dialog.querySelector(".dialog-body :is(input:not([type=hidden]), select, textarea)") ||
      dialog.querySelector(".dialog-foot button");
    if (first) first.focus();
  };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leaveDialog();
  });
  // Browsers let a second Escape close a dialog whatever its cancel event says: it must ask, too.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    leaveDialog();
  });
  dialog.addEventListener("close", () => {
    isDirty = false;
    dialog.replaceChildren();
  });
  dialog.addEventListener("input", () => {
    isDirty = true;
  });
  let pressBegan = null;
  dialog.addEventListener("pointerdown", (event) => {
    pressBegan = event.target;
  });
  dialog.addEventListener("click", (event) => {
    // Beside the window, and not the end of a text selection that began inside.
    if (event.target === dialog && pressBegan === dialog) leaveDialog();
    if (event.target.closest("[data-close]")) leaveDialog();
    if (event.target.closest("[data-keep]")) {
      askToDiscard(false);
      openDialog();
    }
    if (event.target.closest("[data-discard]")) dialog.close();
  });

  // --- htmx ---
  const polls = (element) => /every|load/.test(element.getAttribute("hx-trigger") || "");
  const isWholePage = (text) => /^\s*(<!doctype|<html)/i.test(text);
  const withoutTokens = (text) => text.replace(/csrf[^>]*value="[^"]*"/gi, "");
  const lastSeen = new WeakMap();

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    const isRepeat = polls(element) && lastSeen.has(element);
    if (isRepeat && document.hidden) event.preventDefault();
    if (!polls(element)) document.documentElement.classList.add("is-busy");
  });
  document.body.addEventListener("htmx:afterRequest", () => {
    document.documentElement.classList.remove("is-busy");
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    // Addresses of lists stay short: what was left empty is not said.
    if (event.detail.elt.id !== "listing-form") return;
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (!value) event.detail.formData.delete(name);
    }
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, target, xhr, requestConfig } = event.detail;
    // `elt` is the target here; what asked is in the request.
    if (isWholePage(xhr.responseText) && !requestConfig.elt.hasAttribute("hx-select")) {
      // The log-in, most likely: the session ended. The page itself must go there, not a piece of it.
      event.detail.shouldSwap = false;
      if (!polls(elt)) location.reload();
      return;
    }
    if (target && target.hasAttribute("data-live") && requestConfig.elt === target) {
      const text = withoutTokens(xhr.responseText);
      const isBeingUsed = target.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
      if (lastSeen.get(target) === text || (isBeingUsed && lastSeen.has(target))) event.detail.shouldSwap = false;
      else lastSeen.set(target, text);
    }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === dialog) openDialog();
    const listing = document.getElementById("listing");
    if (listing && event.detail.target.id === "listing") announcer.textContent = listing.dataset.count;
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (polls(event.detail.elt)) return;
    const words = {
      403: "That is not for your role. Ask an owner of your organization.",
      404: "It is not there any more. Refresh the page.",
      413: "That is too large.",
      429: "Too many tries. Please wait a minute.",
    };
    toast(words[event.detail.xhr.status] || "Something went wrong on our side. Nothing was saved; please try again.", "bad");
  });
  document.body.addEventListener("htmx:sendError", (event) => {
    if (!polls(event.detail.elt)) toast("No connection. Nothing was saved; please try again.", "bad");
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.body.dispatchEvent(new Event("ascora:look"));
  });

  // --- Pages ---
  const section = (document.body.dataset.section || "").trim();
  if (section) {
    const entry = document.querySelector(`#menu [data-section="${CSS.escape(section)}"] > .nav-link`);
    if (entry) entry.setAttribute("aria-current", "page");
  }
  const showThemeChoice = () => {
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === window.ascoraTheme.chosen()));
    });
  };
  showThemeChoice();
  document.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".notice").remove();
    const choice = event.target.closest("[data-theme-choice]");
    if (choice) {
      window.ascoraTheme.choose(choice.dataset.themeChoice);
      showThemeChoice();
    }
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search && !isTyping && !dialog.open) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });
  // A form that is one choice (data-choose) is sent by choosing; its button is for browsers without scripts.
  document.querySelectorAll("form[data-choose]").forEach((form) => {
    form.querySelectorAll("[type=submit]").forEach((button) => (button.hidden = true));
    form.addEventListener("change", () => form.requestSubmit());
  });
  // A wheel over a focused number must not change it.
  document.addEventListener("wheel", () => {
    if (document.activeElement?.matches("input[type=number]")) document.activeElement.blur();
  }, { passive: true });

  // A second press on a form's button sends nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("hx-post") || form.hasAttribute("hx-get") || form.method === "get") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
    delete form.dataset.typed;
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
  // Pages that are forms (data-guard) ask before what was typed is lost.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.typed = "yes";
  });
  // A page that comes back refused begins where it is wrong.
  const wrong = document.querySelector("main form[data-guard] .is-invalid");
  if (wrong) wrong.focus();
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-typed]")) event.preventDefault();
  });
})();
