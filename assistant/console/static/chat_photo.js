// A photo on its way: made small enough for a slow line, and without what the camera wrote into it.
"use strict";

window.weiguang = window.weiguang ?? {};

weiguang.photo = {
  LONGEST_SIDE: 1600,

  // {bytes, type} of a JPEG; what the browser can't open is sent as it is, and the server says what it thinks of it
  async shrink(file) {
    const blob = await weiguang.photo.redraw(file).catch(() => file);
    return { bytes: await blob.arrayBuffer(), type: blob.type };
  },

  async redraw(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, weiguang.photo.LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("not drawn"))), "image/jpeg", 0.82),
    );
  },

  blobOf({ bytes, type }) {
    return new Blob([bytes], { type });
  },

  // the page may show only its own server's pictures and those that stand in it
  addressOf(photo) {
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => resolve("");
      reader.readAsDataURL(weiguang.photo.blobOf(photo));
    });
  },
};
