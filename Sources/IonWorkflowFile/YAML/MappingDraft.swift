internal import IonWorkflow

/// A mapping while it is composed: keys are unique, and `<<` takes in what other mappings have.
struct MappingDraft {
  private(set) var pairs: [YAMLPair] = []
  private(set) var weight = 1
  private(set) var size = 0
  private(set) var height = 0
  /// From the first key to the end of the last value; nil where there is none.
  private(set) var extent: Range<Int>?
  private var places: [ExactText: Int] = [:]
  private var merged: YAMLPair?

  /// Adds a pair as it is written.
  /// - Returns: What is wrong where the key was there before; the first one stays.
  mutating func add(_ key: YAMLKey, _ value: YAMLNode, isMerge: Bool, in source: SourceText) -> Finding? {
    let first = extent?.lowerBound ?? key.range.lowerBound
    extent = first..<max(first, key.range.upperBound, value.range.upperBound)
    let earlier = isMerge ? merged?.key : places[ExactText(key.text)].map { pairs[$0].key }
    if let earlier {
      let line = source.line(of: earlier.range.lowerBound) + 1
      return Finding(
        .error, "duplicateKey", "\(quoted(key.text)) was already given on line \(line)", at: key.range,
        hint: isMerge ? "one `<<` may take a list: `<<: [*a, *b]`" : "a key stands once in a mapping")
    }
    height = max(height, value.height)
    if isMerge {
      merged = YAMLPair(key: key, value: value)
      weight += 1
    } else {
      append(YAMLPair(key: key, value: value))
    }
    return nil
  }

  /// Takes in what `<<` names: keys that are written here win, and of several mappings the earlier one.
  /// - Returns: What is wrong where something else than mappings stands there.
  mutating func merge() -> [Finding] {
    guard let merged else { return [] }
    var faults: [Finding] = []
    for base in merged.value.sequence ?? [merged.value] {
      guard let inherited = base.mapping else {
        faults.append(
          Finding(
            .error, "wrongMerge", "`<<` takes a mapping, or a list of mappings", at: base.range,
            hint: "name one by its alias: `<<: *name`"))
        continue
      }
      for pair in inherited where places[ExactText(pair.key.text)] == nil { append(pair) }
    }
    return faults
  }

  private mutating func append(_ pair: YAMLPair) {
    places[ExactText(pair.key.text)] = pairs.count
    pairs.append(pair)
    weight += 1 + pair.value.weight
    size += pair.key.text.utf8.count + pair.value.size
    height = max(height, pair.value.height)
  }
}
