"use strict";
// The page reads without this: it adds sorting, filtering, keys, and cards that keep to the window.
(() => {
  const main = document.getElementById("documents");
  const articles = [...main.querySelectorAll("article")];
  const many = articles.length > 1;
  for (const part of document.querySelectorAll(".scripted")) {
    part.hidden = part.classList.contains("many") && !many;
  }
  if (articles.length === 1) articles[0].querySelector("details").open = true;

  // Sorting: a second press turns the order round.
  const ranks = { spun: 0, suspect: 1, clean: 2, unknown: 3 };
  const value = (article, key) => {
    const written = article.dataset[key];
    if (key === "path") return written;
    return key === "label" ? -ranks[written] : Number(written);
  };
  const heads = [...main.querySelectorAll(".heads button")];
  for (const head of heads) {
    head.setAttribute("aria-pressed", "false");
    head.addEventListener("click", () => {
      const key = head.dataset.key;
      const up = head.getAttribute("aria-pressed") === "true" ? !head.classList.contains("up") : key === "path";
      for (const other of heads) other.setAttribute("aria-pressed", String(other === head));
      head.classList.toggle("up", up);
      const order = up ? 1 : -1;
      articles.sort((a, b) => {
        const [x, y] = [value(a, key), value(b, key)];
        return order * (x < y ? -1 : x > y ? 1 : 0);
      });
      main.append(...articles);
    });
  }

  // Filtering by name, text and verdict.
  const filter = document.getElementById("filter");
  const label = document.getElementById("label");
  const shown = document.getElementById("shown");
  const sift = () => {
    const wanted = filter.value.toLowerCase();
    let count = 0;
    for (const article of articles) {
      const holds = (of) => of.toLowerCase().includes(wanted);
      const fits = (!label.value || article.dataset.label === label.value) &&
        (!wanted || holds(article.dataset.path) || holds(article.querySelector(".text").textContent));
      article.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} of ${articles.length} shown`;
  };
  filter.addEventListener("input", sift);
  label.addEventListener("change", sift);
  sift();

  // A card that would leave the window is moved back into it.
  const place = (event) => {
    const mark = event.target instanceof Element && event.target.closest("mark");
    if (!mark) return;
    const card = mark.querySelector(".card");
    card.style.setProperty("--shift", "0px");
    const box = card.getBoundingClientRect();
    const beyond = box.right - document.documentElement.clientWidth + 8;
    if (beyond > 0) card.style.setProperty("--shift", `${-Math.min(beyond, box.left - 8)}px`);
  };
  main.addEventListener("mouseover", place);
  main.addEventListener("focusin", place);

  // Keys.
  const move = (by) => {
    const marks = [...main.querySelectorAll("article:not([hidden]) details[open] mark")];
    if (!marks.length) return;
    const at = marks.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length;
    marks[next].focus();
    marks[next].scrollIntoView({ block: "center" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches("input, select")) return;
    if (event.key === "n") move(1);
    if (event.key === "p") move(-1);
    if (event.key === "Escape" && document.activeElement) document.activeElement.blur();
  });
  main.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(".strip a");
    if (!link) return;
    const mark = document.getElementById(link.getAttribute("href").slice(1));
    event.preventDefault();
    mark.focus();
    mark.scrollIntoView({ block: "center" });
  });

  // On paper everything is open.
  window.addEventListener("beforeprint", () => {
    for (const details of main.querySelectorAll("details")) details.open = true;
  });
})();
