internal import IonJSON
internal import IonWorkflow

/// Checks and reads one scalar for a shape.
struct ScalarCheck {
  let check: ShapeCheck
  let scalar: YAMLScalar
  let place: Range<Int>

  private var context: FileContext { check.context }
  private var isNull: Bool { scalar.resolved == .null }

  func read(_ shape: Shape) -> Checked? {
    if isNull, case .entryTemplate = shape { return .template(Template(segments: []), scalar) }
    guard !isNull else { return wrong("must be \(shape.phrase), but nothing is given", "missingValue") }
    switch shape {
    case .text: return .text(scalar)
    case .line: return line
    case .template, .entryTemplate: return template
    case .condition: return condition
    case .bash: return bash
    case .pattern: return pattern
    case .fileName: return fileName
    case .nodeID:
      return spelled(NodeID.isValid(scalar.text), "ids are letters, digits, `_` and `-`, from a letter or `_` on")
    case .name:
      return spelled(
        ReferenceScanner.isName(scalar.text), "names are letters, digits and `_`, and don't start with a digit")
    case .kebab: return spelled(isKebab, "write it like `ask-again`")
    case .choice(let choices): return choice(choices.map(\.word))
    case .boolean: return boolean
    case .integer(let range): return integer(range)
    case .number(let range): return number(range)
    case .duration(let allowsZero): return duration(allowsZero: allowsZero)
    case .list, .oneOrMany, .mapping, .entries, .nodes, .object, .any, .either: return nil
    }
  }

  // MARK: Texts

  private var line: Checked? {
    guard !scalar.text.isEmpty else { return wrong("can't be empty") }
    guard !scalar.text.utf8.contains(UInt8(ascii: "\n")) else { return wrong("must be one line") }
    return .text(scalar)
  }

  private var template: Checked? {
    let parsed = Template.parse(scalar.text)
    for fault in parsed.faults { context.report(fault, in: scalar) }
    context.add(parsed.references, in: scalar, of: check.key.name)
    return .template(parsed.template, scalar)
  }

  private var condition: Checked? {
    do {
      let parsed = try Condition.parse(scalar.text)
      context.add(parsed.references, in: scalar, of: check.key.name)
      return .condition(parsed.condition, scalar)
    } catch {
      context.report(error, in: scalar)
      return nil
    }
  }

  private var bash: Checked? {
    let parsed = BashBody.parse(scalar.text)
    for fault in parsed.faults { context.report(fault, in: scalar) }
    let references = parsed.body.occurrences.map { PlacedReference($0.reference, range: $0.range) }
    context.add(references, in: scalar, of: check.key.name)
    return .bash(parsed.body, scalar)
  }

  private var pattern: Checked? {
    guard scalar.text.utf8.count <= 1000 else { return wrong("is longer than 1000 bytes") }
    do {
      _ = try Regex(scalar.text)
      return .text(scalar)
    } catch {
      return wrong("is no regular expression: \(error)")
    }
  }

  private var fileName: Checked? {
    let text = scalar.text
    let isName =
      !text.isEmpty && !text.hasPrefix(".")
      && !text.utf8.contains { [10, UInt8(ascii: "/"), UInt8(ascii: "\\")].contains($0) }
      && !text.contains("..")
    guard isName else {
      return wrong(
        "must be a file's name, not \(quoted(text))", hint: "it has no `/`, `\\` or `..`, and no dot at its start")
    }
    return .text(scalar)
  }

  private var isKebab: Bool {
    let words = scalar.text.split(separator: "-", omittingEmptySubsequences: false)
    return words.allSatisfy { word in
      !word.isEmpty && word.utf8.allSatisfy { $0.isASCIIDigit || ($0.isASCIILetter && $0 >= UInt8(ascii: "a")) }
    }
  }

  private func spelled(_ isRight: Bool, _ rule: String) -> Checked? {
    isRight ? .text(scalar) : wrong("can't be \(quoted(scalar.text))", "wrongName", hint: rule)
  }

  private func choice(_ words: [String]) -> Checked? {
    if words.contains(scalar.text) { return .text(scalar) }
    let all = alternatives(words.map { "`\($0)`" })
    return wrong("must be \(all), not \(quoted(scalar.text))", hint: context.hint(for: scalar.text, among: words))
  }

  // MARK: Booleans, numbers, durations

  private var boolean: Checked? {
    if let flag = scalar.resolved.boolValue { return .flag(flag) }
    let meant: String? =
      switch scalar.text.lowercased() {
      case "yes", "on", "y", "true", "1": "true"
      case "no", "off", "n", "false", "0": "false"
      default: nil
      }
    return wrong(
      "must be `true` or `false`, not the text \(quoted(scalar.text))", "wrongType",
      hint: meant.map { "write `\($0)`" + (scalar.isPlain ? "" : " without quotes") })
  }

  private func integer(_ range: ClosedRange<Int>) -> Checked? {
    let phrase = Shape.integer(range).phrase
    guard scalar.isPlain, let value = PlainScalar.number(scalar.text)?.value.integerValue else {
      return wrong("must be \(phrase), not \(quoted(scalar.text))", "wrongType", hint: numberHint)
    }
    guard range.contains(Int(value)) else { return wrong("must be \(phrase), not \(value)") }
    return .integer(Int(value))
  }

  private func number(_ range: NumberRange) -> Checked? {
    let phrase = Shape.number(range).phrase
    guard scalar.isPlain, PlainScalar.number(scalar.text) != nil, let value = Double(scalar.text) else {
      return wrong("must be \(phrase), not \(quoted(scalar.text))", "wrongType", hint: numberHint)
    }
    guard range.contains(value) else { return wrong("must be \(phrase), not \(scalar.text)") }
    return .number(value)
  }

  private var numberHint: String? {
    if !scalar.isPlain, PlainScalar.number(scalar.text) != nil { return "leave the quotes out" }
    return scalar.text.hasPrefix("0") && scalar.text.utf8.allSatisfy(\.isASCIIDigit)
      ? "a number has no leading zeros" : nil
  }

  private func duration(allowsZero: Bool) -> Checked? {
    let phrase = Shape.duration(allowsZero: allowsZero).phrase
    let duration = scalar.isPlain ? milliseconds ?? DurationText.parse(scalar.text) : DurationText.parse(scalar.text)
    guard let duration else {
      let isBare = !scalar.text.isEmpty && scalar.text.utf8.allSatisfy(\.isASCIIDigit)
      return wrong(
        "must be \(phrase), not \(quoted(scalar.text))",
        hint: isBare
          ? "a text names its unit; a bare number is milliseconds" : "the units are `ms`, `s`, `m`, `h` and `d`")
    }
    guard duration > .zero || (allowsZero && duration == .zero) else { return wrong("must be positive") }
    guard duration <= DurationText.longest else { return wrong("is longer than ten years") }
    return .duration(duration)
  }

  private var milliseconds: Duration? {
    guard let value = PlainScalar.number(scalar.text)?.value.integerValue, abs(value) < 1_000_000_000_000_000 else {
      return nil
    }
    return .milliseconds(value)
  }

  // MARK: Reports

  private func wrong(_ what: String, _ code: String = "wrongValue", hint: String? = nil) -> Checked? {
    context.report(check.severity, code, "\(check.label) \(what)" + check.consequence, at: place, hint: hint)
    return nil
  }
}
