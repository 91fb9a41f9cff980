// A classic script that blocks, on purpose: the choices of the Reading menu must hold before the first paint.
// reading.js writes them and says what they mean. Junk in storage is ignored.
(() => {
  /** @type {Record<string, Record<string, string[]>>} */
  const marks = {
    size: { large: ["size", "large"], largest: ["size", "largest"] },
    gap: { wide: ["gap", "wide"] },
    paper: { white: ["theme", "light"], cream: ["paper", "cream"], dark: ["theme", "dark"] },
  };
  try {
    const kept = JSON.parse(localStorage.getItem("reading") ?? "{}") ?? {};
    for (const [name, choices] of Object.entries(marks)) {
      const mark = Object.hasOwn(choices, kept[name]) ? choices[kept[name]] : null;
      if (mark) document.documentElement.dataset[mark[0]] = mark[1];
    }
  } catch {
    // storage switched off, or what lies there is not ours: the page as it is
  }
})();
