// Turns each question into a form: a prediction first, then the answer. What was predicted is
// remembered in this browser. Without this script the answer is a fold-out.
"use strict";

(() => {
  const store = {
    key: (question) => `loopback:${location.pathname.split("/").pop()}#${question.id}`,
    get(question) {
      try { return localStorage.getItem(this.key(question)); } catch { return null; }
    },
    set(question, text) {
      try { localStorage.setItem(this.key(question), text); } catch { /* not remembered, then */ }
    },
  };

  const made = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  const reply = () => {
    const line = made("p", { className: "reply" });
    line.setAttribute("role", "status");
    return line;
  };

  const tell = (question, line, right) => {
    line.textContent = right ? "As you predicted." : "It is otherwise: read on.";
    line.className = `reply ${right ? "right" : "wrong"}`;
    question.querySelector("details").open = true;
  };

  const withChoices = (question, list) => {
    const line = reply();
    const fieldset = made("fieldset");
    const asked = [...question.querySelectorAll(":scope > p:not(.predict)")];
    const legend = made("legend");
    asked.forEach((paragraph) => legend.append(...paragraph.childNodes));
    asked.forEach((paragraph) => paragraph.remove());
    list.before(fieldset);
    fieldset.append(legend, list);
    fieldset.after(line);
    [...list.children].forEach((item, number) => {
      const input = made("input", { type: "radio", name: question.id, value: String(number) });
      const label = made("label", {}, input, " ", ...item.childNodes);
      item.replaceChildren(label);
      const right = "right" in item.dataset;
      input.addEventListener("change", () => {
        store.set(question, input.value);
        line.textContent = "";
      });
      if (store.get(question) === input.value) input.checked = true;
      input.dataset.right = right ? "yes" : "";
    });
    const button = made("button", { type: "button", textContent: "Look" });
    button.addEventListener("click", () => {
      const chosen = list.querySelector("input:checked");
      if (chosen) tell(question, line, chosen.dataset.right === "yes");
      else line.textContent = "Predict first: choose one.";
    });
    fieldset.after(button);
  };

  const withWords = (question) => {
    const id = `${question.id}-words`;
    const input = made("input", { type: "text", id, value: store.get(question) ?? "" });
    const label = made("label", { htmlFor: id, textContent: "Your prediction " }, );
    input.addEventListener("input", () => store.set(question, input.value));
    const button = made("button", { type: "button", textContent: "Look" });
    const line = reply();
    const details = question.querySelector("details");
    button.addEventListener("click", () => {
      line.textContent = input.value.trim() ? "" : "Predict first: write something.";
      if (line.textContent) return;
      details.open = true;
      details.querySelector("summary").focus();
    });
    details.before(made("p", {}, label, input, " ", button), line);
  };

  document.querySelectorAll(".question").forEach((question) => {
    if (!question.querySelector("details")) return;
    const list = question.querySelector(".choices");
    if (list) withChoices(question, list);
    else withWords(question);
  });
})();
