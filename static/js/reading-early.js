// A classic script that blocks, on purpose: the choices of the Reading menu must hold before the first paint.
// What the menu means and how it is kept: reading.js. Junk in storage is ignored.
(() => {
  const known = { size: ["large", "largest"], gap: ["wide"], paper: ["cream"], theme: ["light", "dark"] };
  try {
    const kept = JSON.parse(localStorage.getItem("reading") ?? "{}");
    for (const [name, values] of Object.entries(known)) {
      if (values.includes(kept?.[name])) document.documentElement.dataset[name] = kept[name];
    }
  } catch {
    // storage switched off or not ours: the page as it is
  }
})();
