internal import CYaml

/// One step of a YAML parser through a text; `start` and `end` count Unicode scalars from 0.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    case scalar(YAMLProperties, text: String, style: YAMLScalar.Style)
    case sequenceStart(YAMLProperties, isFlow: Bool)
    case mappingStart(YAMLProperties, isFlow: Bool)
    case sequenceEnd, mappingEnd
  }

  var kind: Kind
  var start: Int
  var end: Int
}

/// What stands before a value: `&anchor` and `!tag`.
struct YAMLProperties {
  var anchor: String?
  var tag: String?

  var isEmpty: Bool { anchor == nil && tag == nil }
}

/// Why the text is no YAML.
struct YAMLSyntaxError: Error {
  /// What the parser was at, such as "while parsing a block mapping"; nil where it doesn't say.
  var context: String?
  var problem: String
  /// Where the trouble shows, in scalars.
  var scalar: Int?
  /// Where it shows in bytes, for input that isn't even characters of YAML.
  var byte: Int?
  /// Where what the parser was at began, in scalars.
  var contextScalar: Int?
}

/// The events of a YAML text, by libyaml, which keeps the ends of values and the places of aliases.
struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// - Parameter bytes: Valid UTF-8 that outlives the events.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(kind: kind(of: event), start: event.start_mark.index, end: event.end_mark.index)
  }

  private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
    switch event.type {
    case YAML_ALIAS_EVENT: return .alias(Self.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        YAMLProperties(anchor: Self.text(scalar.anchor), tag: Self.text(scalar.tag)),
        text: String(decoding: bytes, as: UTF8.self), style: Self.style(scalar.style))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return .sequenceStart(
        YAMLProperties(anchor: Self.text(start.anchor), tag: Self.text(start.tag)),
        isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return .mappingStart(
        YAMLProperties(anchor: Self.text(start.anchor), tag: Self.text(start.tag)),
        isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_START_EVENT: return .streamStart
    default: return .streamEnd
    }
  }

  private func failure() -> YAMLSyntaxError {
    let parser = parser.pointee
    let isInput = parser.error == YAML_READER_ERROR
    return YAMLSyntaxError(
      context: parser.context.map { String(cString: $0) },
      problem: parser.problem.map { String(cString: $0) } ?? "there is not enough memory",
      scalar: isInput ? nil : parser.problem_mark.index,
      byte: isInput ? parser.problem_offset : nil,
      contextScalar: parser.context == nil ? nil : parser.context_mark.index)
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }
}
