/** The package has no types: a list of function words for each language, under its ISO 639-3 code. */
declare module "stopword" {
  const lists: Readonly<Record<string, unknown>>;
  export default lists;
}
