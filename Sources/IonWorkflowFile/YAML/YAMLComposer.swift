internal import IonJSON
internal import IonWorkflow

/// Builds the tree of a YAML document from its events, within the limits that a hostile file would break: size, depth,
/// what aliases come to, keys that are no scalars.
struct YAMLComposer: ~Copyable {
  /// What composing gave: the tree, and what there is to say about it. Without a tree a finding says why.
  struct Document {
    var root: YAMLNode?
    var findings: [Finding]
    /// How many values are written in the file.
    var written: Int
  }

  private enum Anchor {
    /// The anchor's value isn't complete yet.
    case open
    case node(YAMLNode)
  }

  private var events: YAMLEvents
  private let source: SourceText
  private let limits: ReadingLimits
  private var findings: [Finding] = []
  private var anchors: [ExactText: Anchor] = [:]
  /// Values that stand in the file, and values that they come to with aliases written out.
  private var written = 0
  private var expanded = 0
  /// Bytes of text that the file comes to with aliases written out.
  private var expandedSize = 0

  static func compose(_ source: SourceText, limits: ReadingLimits) -> Document {
    source.bytes.withUnsafeBufferPointer { bytes in
      var composer = YAMLComposer(events: YAMLEvents(bytes), source: source, limits: limits)
      do throws(Finding) {
        let root = try composer.document()
        return Document(root: root, findings: composer.findings, written: composer.written)
      } catch {
        return Document(root: nil, findings: composer.findings + [error], written: composer.written)
      }
    }
  }

  private init(events: consuming YAMLEvents, source: SourceText, limits: ReadingLimits) {
    self.events = events
    self.source = source
    self.limits = limits
  }

  private mutating func next() throws(Finding) -> YAMLEvent {
    do {
      return try events.next()
    } catch {
      throw error.finding(in: source)
    }
  }

  private mutating func document() throws(Finding) -> YAMLNode {
    _ = try next()
    let start = try next()
    guard case .documentStart = start.kind else {
      throw Finding(.error, "emptyFile", "the file is empty", at: 0..<0, hint: "a workflow has `name` and `nodes`")
    }
    let first = try next()
    let root = try node(first, depth: 0)
    _ = try next()
    let end = try next()
    guard case .streamEnd = end.kind else {
      let place = offset(end.start)
      throw Finding(
        .error, "severalDocuments", "the file holds more than one document", at: place..<source.lineEnd(after: place),
        hint: "give each workflow a file of its own")
    }
    return root
  }

  private func offset(_ scalar: Int) -> Int { source.offset(ofScalar: scalar) }

  private func range(_ event: YAMLEvent) -> Range<Int> {
    let start = offset(event.start)
    return start..<max(start, offset(event.end))
  }

  /// The value that an event begins.
  private mutating func node(_ event: YAMLEvent, depth: Int) throws(Finding) -> YAMLNode {
    try count(event)
    switch event.kind {
    case .alias(let name): return try alias(name, at: range(event), depth: depth)
    case .scalar(let properties, let text, let style): return scalar(event, properties, text, style)
    case .sequenceStart(let properties, let isFlow):
      try open(event, properties, depth: depth)
      return close(try sequence(event, properties, isFlow: isFlow, depth: depth + 1), properties, "seq")
    case .mappingStart(let properties, let isFlow):
      try open(event, properties, depth: depth)
      return close(try mapping(event, properties, isFlow: isFlow, depth: depth + 1), properties, "map")
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      throw Finding(.error, "syntax", "a value is missing here", at: range(event))
    }
  }

  private mutating func count(_ event: YAMLEvent) throws(Finding) {
    written += 1
    guard written <= limits.values else {
      throw Finding(.error, "tooManyValues", "the file holds more than \(limits.values) values", at: range(event))
    }
  }

  // MARK: Scalars and aliases

  private mutating func scalar(
    _ event: YAMLEvent, _ properties: YAMLProperties, _ text: String, _ style: YAMLScalar.Style
  ) -> YAMLNode {
    var place = range(event)
    if !properties.isEmpty { place = behindProperties(place) }
    if style == .literal || style == .folded { place = withoutTrailingBlanks(place) }
    var scalar = YAMLScalar(text: text, style: style, source: place, isPlain: style == .plain)
    if let tag = properties.tag { scalar.isPlain = readTag(tag, of: scalar) }
    let node = YAMLNode(value: .scalar(scalar), range: place, weight: 1, size: text.utf8.count, height: 0)
    expanded += 1
    expandedSize += node.size
    if let anchor = properties.anchor { anchors[ExactText(anchor)] = .node(node) }
    return node
  }

  /// Whether a tagged scalar may mean something else than text; tags that aren't YAML's own are reported.
  private mutating func readTag(_ tag: String, of scalar: YAMLScalar) -> Bool {
    let resolved = PlainScalar.resolve(scalar.text)
    let isMatch: Bool
    switch tag {
    case "!", "tag:yaml.org,2002:str": return false
    case "tag:yaml.org,2002:null": isMatch = resolved == .null
    case "tag:yaml.org,2002:bool": isMatch = resolved.boolValue != nil
    case "tag:yaml.org,2002:int": isMatch = resolved.integerValue != nil
    case "tag:yaml.org,2002:float": isMatch = PlainScalar.number(scalar.text) != nil
    default:
      reportTag(tag, at: scalar.source)
      return false
    }
    if !isMatch {
      let message = "\(quoted(scalar.text)) is not what its tag says"
      findings.append(Finding(.error, "wrongTag", message, at: scalar.source, hint: "leave the tag out"))
    }
    return true
  }

  private mutating func reportTag(_ tag: String, at range: Range<Int>) {
    findings.append(
      Finding(
        .error, "unknownTag", "the tag \(quoted(tag)) means nothing in a workflow file", at: range,
        hint: "leave the tag out"))
  }

  private mutating func alias(_ name: String, at range: Range<Int>, depth: Int) throws(Finding) -> YAMLNode {
    switch anchors[ExactText(name)] {
    case nil:
      let known = anchors.keys.map(\.text)
      throw Finding(
        .error, "unknownAnchor", "no anchor \(quoted("&" + name)) stands before this alias", at: range,
        hint: known.count <= 1000 ? Spelling.hint(for: name, among: known) : nil)
    case .open:
      throw Finding(.error, "aliasCycle", "\(quoted("*" + name)) stands inside the value that it repeats", at: range)
    case .node(var node):
      guard depth + node.height <= limits.depth else { throw tooDeep(at: range) }
      expanded += node.weight
      expandedSize += node.size
      let isBounded =
        expanded <= max(limits.unmeasuredExpansion, limits.aliasExpansion * written)
        && expandedSize <= max(limits.unmeasuredSize, limits.aliasExpansion * source.bytes.count)
      guard isBounded else {
        let message = "the aliases of this file come to more than \(limits.aliasExpansion) times what is written in it"
        throw Finding(.error, "aliasExpansion", message, at: range)
      }
      node.range = range
      return node
    }
  }

  private func tooDeep(at range: Range<Int>) -> Finding {
    Finding(.error, "tooDeep", "more than \(limits.depth) lists and mappings stand inside each other", at: range)
  }

  // MARK: Lists and mappings

  private mutating func open(_ event: YAMLEvent, _ properties: YAMLProperties, depth: Int) throws(Finding) {
    guard depth < limits.depth else { throw tooDeep(at: range(event)) }
    if let anchor = properties.anchor { anchors[ExactText(anchor)] = .open }
  }

  private mutating func close(_ node: YAMLNode, _ properties: YAMLProperties, _ tag: String) -> YAMLNode {
    if let written = properties.tag, written != "!", written != "tag:yaml.org,2002:\(tag)" {
      reportTag(written, at: node.range)
    }
    if let anchor = properties.anchor { anchors[ExactText(anchor)] = .node(node) }
    return node
  }

  private mutating func sequence(
    _ start: YAMLEvent, _ properties: YAMLProperties, isFlow: Bool, depth: Int
  ) throws(Finding) -> YAMLNode {
    var items: [YAMLNode] = []
    var (weight, size, height) = (1, 0, 0)
    expanded += 1
    var event = try next()
    while true {
      if case .sequenceEnd = event.kind { break }
      let item = try node(event, depth: depth)
      weight += item.weight
      size += item.size
      height = max(height, item.height)
      items.append(item)
      event = try next()
    }
    let first = properties.isEmpty ? nil : items.first?.range.lowerBound
    let place = extent(start, event, isFlow: isFlow, first: first, last: items.last?.range.upperBound)
    return YAMLNode(value: .sequence(items), range: place, weight: weight, size: size, height: height + 1)
  }

  private mutating func mapping(
    _ start: YAMLEvent, _ properties: YAMLProperties, isFlow: Bool, depth: Int
  ) throws(Finding) -> YAMLNode {
    var draft = MappingDraft()
    expanded += 1
    var event = try next()
    while true {
      if case .mappingEnd = event.kind { break }
      let key = try key(event, depth: depth)
      let following = try next()
      let value = try node(following, depth: depth)
      let isMerge = key.isMerge
      if let fault = draft.add(key.key, value, isMerge: isMerge, in: source) { findings.append(fault) }
      event = try next()
    }
    let ends = draft.extent
    findings += draft.merge()
    let place = extent(start, event, isFlow: isFlow, first: ends?.lowerBound, last: ends?.upperBound)
    return YAMLNode(
      value: .mapping(draft.pairs), range: place, weight: draft.weight, size: draft.size, height: draft.height + 1)
  }

  private mutating func key(_ event: YAMLEvent, depth: Int) throws(Finding) -> (key: YAMLKey, isMerge: Bool) {
    switch event.kind {
    case .scalar, .alias:
      let node = try node(event, depth: depth)
      if let scalar = node.scalar {
        if scalar.isPlain && scalar.text.isEmpty {
          throw Finding(.error, "missingKey", "a key is missing before this `:`", at: node.range)
        }
        return (YAMLKey(text: scalar.text, range: node.range), scalar.isPlain && scalar.text == "<<")
      }
    case .sequenceStart, .mappingStart, .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd,
      .mappingEnd:
      break
    }
    let place = range(event).lowerBound
    throw Finding(
      .error, "complexKey", "a key is text, not a list or a mapping", at: place..<source.lineEnd(after: place),
      hint: "put a text that starts with `[` or `{` in quotes")
  }

  // MARK: Places

  /// Where a list or mapping stands: a flow one between its brackets, a block one from its first to its last value.
  private func extent(_ start: YAMLEvent, _ end: YAMLEvent, isFlow: Bool, first: Int?, last: Int?) -> Range<Int> {
    let lower = offset(start.start)
    if isFlow { return lower..<max(lower, offset(end.end)) }
    let from = first ?? lower
    return from..<max(from, last ?? from)
  }

  /// The place of a value without the `&anchor` and `!tag` that stand before it.
  private func behindProperties(_ range: Range<Int>) -> Range<Int> {
    let bytes = source.bytes
    var next = range.lowerBound
    let blanks: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    while next < range.upperBound {
      if bytes[next] == UInt8(ascii: "&") || bytes[next] == UInt8(ascii: "!") {
        while next < range.upperBound, !blanks.contains(bytes[next]) { next += 1 }
      } else if bytes[next] == UInt8(ascii: "#") {
        while next < range.upperBound, bytes[next] != UInt8(ascii: "\n") { next += 1 }
      } else if blanks.contains(bytes[next]) {
        next += 1
      } else {
        break
      }
    }
    return next..<range.upperBound
  }

  private func withoutTrailingBlanks(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, [9, 10, 13, 32].contains(source.bytes[end - 1]) { end -= 1 }
    return range.lowerBound..<end
  }
}
