internal import IonJSON
internal import IonWorkflow

/// Holds the values that an include gives against what the included workflow declares.
struct IncludeInputs {
  let context: FileContext
  let site: IncludeSite

  /// What each declared input is bound to; what doesn't fit is reported.
  func bound(_ declarations: [InputDeclaration], by bindings: [Binding]) -> [BoundInput] {
    let given = Dictionary(bindings.map { ($0.name, $0.value) }) { first, _ in first }
    let names = declarations.map(\.name)
    let known = Set(names)
    for entry in site.entries where !known.contains(entry.name) {
      let all =
        names.isEmpty
        ? "it takes no inputs" : "its inputs are \(names.prefix(20).map { "`\($0)`" }.joined(separator: ", "))"
      context.report(
        .error, "unknownInput", "\(quoted(entry.name)) is no input of the included \(quoted(site.workflow))",
        at: entry.key, hint: context.hint(for: entry.name, among: names) ?? all)
    }
    return declarations.map { declaration in
      BoundInput(declaration: declaration, value: value(of: declaration, given[declaration.name]))
    }
  }

  private func value(of declaration: InputDeclaration, _ given: Binding.Value?) -> Binding.Value {
    let usual = Binding.Value.literal(declaration.defaultValue ?? declaration.valueWhereAbsent)
    guard let given else {
      if declaration.isRequired { reportMissing(declaration, at: site.place) }
      return usual
    }
    guard case .literal(let value) = given else { return given }
    guard !declaration.countsAsAbsent(value) else {
      if declaration.isRequired { reportMissing(declaration, at: place(of: declaration)) }
      return usual
    }
    guard declaration.kind != .secret else {
      context.report(
        .error, "secretLiteral", "\(quoted(declaration.name)) is a secret, which can't stand in a file",
        at: place(of: declaration), hint: "declare a secret input here, and pass it on: `$INPUTS.\(declaration.name)`")
      return given
    }
    // The pattern is left to the step: matching takes as long as the pattern's author likes.
    var plain = declaration
    plain.pattern = nil
    do {
      return .literal(try plain.check(value))
    } catch {
      context.report(
        .error, "wrongType", "\(quoted(declaration.name)) of the included \(quoted(site.workflow)) \(error.message)",
        at: place(of: declaration), hint: error.hint)
      return given
    }
  }

  private func reportMissing(_ declaration: InputDeclaration, at place: Range<Int>) {
    context.report(
      .error, "missingInput", "the included \(quoted(site.workflow)) needs the input \(quoted(declaration.name))",
      at: place, hint: "give it in `with`")
  }

  private func place(of declaration: InputDeclaration) -> Range<Int> {
    site.entries.first { $0.name == declaration.name }?.value ?? site.place
  }
}
