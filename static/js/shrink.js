// A photo of a phone is larger than we take: it is made smaller on the device before it is sent.
const form = document.querySelector("form[data-shrink]");
const MOST_BYTES = 1_800_000;
const LARGEST = 1600;

if (form) {
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file || file.size <= MOST_BYTES) return;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
      const files = new DataTransfer();
      files.items.add(new File([smaller], "foto.jpg", { type: "image/jpeg" }));
      input.files = files.files;
    } catch {
      // What the device cannot read, the server says something about.
    }
  });
}
