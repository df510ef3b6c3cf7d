// The colours of all that is drawn, as CSS variables: for light pages and, on a screen, for dark ones; --c0 to --c7
// tell labels and datasets apart.

/** @param element  that has the variables: ":root" of a page, "svg" of a picture that stands alone. */
export function colourVariables(element: string): string {
  return `
${element} {
  color-scheme: light;
  --page: #f7f6f3; --card: #ffffff; --ink: #1f2328; --soft: #5b636c; --rule: #e3e1db; --tint: #f1efe9;
  --accent: #0b6158; --accent-tint: #e2f1ee; --heat: #4fa9c4; --warn: #8a4b00; --warn-tint: #fdf1df;
  --c0: #0072b2; --c1: #d55e00; --c2: #00875f; --c3: #b5588f; --c4: #a87400; --c5: #3a93cf; --c6: #7b6a00; --c7: #555b63;
  --mislabelled: #1565c0; --hard: #6b6f75; --easy: #c62828;
}
@media screen and (prefers-color-scheme: dark) {
  ${element} {
    color-scheme: dark;
    --page: #14171a; --card: #1c2024; --ink: #e7e9eb; --soft: #a3abb3; --rule: #30363c; --tint: #23282d;
    --accent: #6fd3c3; --accent-tint: #173532; --heat: #176d89; --warn: #f4c27d; --warn-tint: #33270f;
    --c0: #5aaee8; --c1: #ff8f52; --c2: #35c99a; --c3: #e795c3; --c4: #eeb73f; --c5: #9fd6f7; --c6: #e6dc5a; --c7: #b4bbc3;
    --mislabelled: #6ab1f7; --hard: #9aa1a9; --easy: #f47a77;
  }
}
`;
}
