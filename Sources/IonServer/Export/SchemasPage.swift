internal import IonJSONSchema

/// The page of what a node's `output_format` may say, for people.
enum SchemasPage {
  static func text() -> String {
    var text = """
      # Output formats

      Exported from the code by `ion spec protocol-spec`; do not edit.

      `output_format` of a node is a JSON Schema (draft 2020-12). It is compiled when the workflow is read: what is wrong
      with it is a diagnostic at its place. When a step has succeeded, its output is read as a JSON document (white space and
      one code fence around it are taken off) and checked. Where it doesn't fit, an agent is told why and asked again within the
      attempt, up to three times. Else the attempt fails with a message that names the first places, and is repeated only
      where `retry` says so for all errors (`on_error: all`).

      | about | keywords | |
      |---|---|---|

      """
    for support in SchemaSupport.all {
      let keywords = support.keywords.map { "`\($0)`" }.joined(separator: ", ")
      text += "| \(support.subject) | \(keywords) | \(support.remark) |\n"
    }
    return text + rest
  }

  private static let rest = """

    What a check finds names a place by JSON pointer, a keyword, and a sentence for people, which holds no part of the value
    but the names of its properties. A value may be nested about 100 deep where a schema follows it by `$ref`; what is
    much deeper, or takes very many steps, is refused by a finding of its own.

    ## Patterns

    `pattern` and the names of `patternProperties` are regular expressions as ECMA-262 has them with the flag `u`, searched
    for anywhere in a text:

    - characters, `.`, classes with ranges, `\\d \\D \\w \\W \\s \\S` (`\\d` and `\\w` are ASCII), `\\p{…}` and `\\P{…}` for
      general categories (`\\p{L}`, `\\p{Lu}`, `\\p{Letter}`);
    - `\\t \\n \\v \\f \\r \\0 \\cX \\xHH \\uHHHH \\u{H…}`;
    - `^`, `$` (the very end), `\\b`, `\\B`; `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`;
    - groups, named ones too; `|`; `* + ? {n} {n,} {n,m}`, greedy or not.

    What refers back to a group (`\\1`, `\\k<name>`), other properties (`\\p{Script=…}`) and flags inside of a pattern are errors
    by name. In exchange no pattern hangs: the work grows with the text's length times the pattern's, and no faster.

    """
}
