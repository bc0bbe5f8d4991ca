// Results that follow while you type: <form data-fragment="#results #count"> fetches the page it would go to and takes
// over the insides of those elements. On any trouble the form is sent as usual. Afterwards `fragment` is fired.
const PAUSE = 250;

for (const form of document.querySelectorAll("form[data-fragment]")) {
  let timer;
  let request;

  const address = () => {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const url = new URL(form.action);
    url.search = new URLSearchParams(filled);
    url.hash = "";
    return url;
  };

  const refresh = async () => {
    request?.abort();
    request = new AbortController();
    const url = address();
    try {
      const answer = await fetch(url, { signal: request.signal });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const selector of form.dataset.fragment.split(" ")) {
        document.querySelector(selector).replaceChildren(...page.querySelector(selector).childNodes);
      }
      history.replaceState(null, "", url);
      form.dispatchEvent(new Event("fragment", { bubbles: true }));
    } catch (trouble) {
      if (trouble.name !== "AbortError") form.submit();
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    refresh().then(() => document.getElementById(new URL(form.action).hash.slice(1))?.focus());
  });
}
