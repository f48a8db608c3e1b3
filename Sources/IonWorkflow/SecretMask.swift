/// Secrets in a form that finds them in bytes: a machine that reads each byte once, however many secrets there are
/// (Aho–Corasick), in memory that grows with their lengths.
///
/// What counts as a secret is the value without the white space around it, and each of its lines likewise, where that is
/// at least `minimumLength` bytes. Each of them counts as JSON spells it, too, in the ways of `JSONSpelling`, and as JSON
/// within a text of JSON does: agents print nothing else. Every stretch of bytes that belong to secrets shows as one
/// `***`. What a program makes of a secret otherwise (base64, another language's escapes) is another text, and isn't found.
public struct SecretMask: Sendable {
  /// The shortest text that is hidden, in bytes: what is shorter stands everywhere by chance.
  public static let minimumLength = 4
  /// What stands in the place of secrets.
  public static let replacement = "***"

  /// What was read so far, as the longest end of it that begins a secret; index 0 is nothing.
  struct State {
    /// The byte that led here.
    var byte: UInt8
    /// How many bytes of the secret were read.
    var depth: Int32
    /// The first of the states that one byte more leads to, and the next one beside it; 0 is none.
    var child: Int32 = 0
    var sibling: Int32 = 0
    /// The state of the next shorter end that begins a secret.
    var fallback: Int32 = 0
    /// The length of the longest secret that ends here; 0 is none.
    var found: Int32 = 0
  }

  private(set) var states = [State(byte: 0, depth: 0)]
  /// Where each byte leads from nothing.
  private(set) var starts = [Int32](repeating: 0, count: 256)
  /// How many bytes of what may become a secret can be shown: they give nothing away.
  private(set) var harmlessLength = 0

  /// Nil where none of the values is to be hidden.
  public init?(_ values: some Sequence<String>) {
    let secrets = values.flatMap(Self.texts).flatMap(Self.spellings)
    guard let shortest = secrets.lazy.map(\.count).min() else { return nil }
    harmlessLength = min(3, shortest / 4)
    for secret in secrets { add(secret) }
    connect()
  }

  /// Whether a value has anything to hide.
  public static func hides(_ value: String) -> Bool { !texts(of: value).isEmpty }

  private static func texts(of value: String) -> [[UInt8]] {
    let isSpace = { (byte: UInt8) in byte == 0x20 || 0x09...0x0D ~= byte }
    let bytes = Array(value.utf8)
    let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
    return ([bytes[...]] + lines).compactMap { text in
      guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
      else { return nil }
      return last - first + 1 >= minimumLength ? Array(text[first...last]) : nil
    }
  }

  /// A text as it is, and as JSON has it, where that is another text.
  private static func spellings(of text: [UInt8]) -> Set<[UInt8]> {
    var spellings: Set<[UInt8]> = [text]
    for spelling in JSONSpelling.allCases {
      let once = spelling.spelled(text)
      if once != text { spellings.formUnion([once] + JSONSpelling.allCases.map { $0.spelled(once) }) }
    }
    return spellings
  }

  private mutating func add(_ secret: [UInt8]) {
    var state = 0
    for byte in secret {
      var next = child(of: state, byte)
      if next == 0 {
        next = states.count
        states.append(State(byte: byte, depth: states[state].depth + 1, sibling: states[state].child))
        states[state].child = Int32(next)
        if state == 0 { starts[Int(byte)] = Int32(next) }
      }
      state = next
    }
    states[state].found = Int32(secret.count)
  }

  private func child(of state: Int, _ byte: UInt8) -> Int {
    var next = state == 0 ? Int(starts[Int(byte)]) : Int(states[state].child)
    while next != 0, states[next].byte != byte { next = Int(states[next].sibling) }
    return next
  }

  /// Finds every state's fallback, those of shorter ones first.
  private mutating func connect() {
    var queue = [0]
    var next = 0
    while next < queue.count {
      let state = queue[next]
      next += 1
      var child = Int(states[state].child)
      while child != 0 {
        queue.append(child)
        if state != 0 {
          let byte = states[child].byte
          var shorter = Int(states[state].fallback)
          while shorter != 0, self.child(of: shorter, byte) == 0 { shorter = Int(states[shorter].fallback) }
          let fallback = self.child(of: shorter, byte)
          states[child].fallback = Int32(fallback)
          if states[child].found == 0 { states[child].found = states[fallback].found }
        }
        child = Int(states[child].sibling)
      }
    }
  }

  // MARK: Whole texts

  /// A text with its secrets hidden.
  public func masked(_ text: String) -> String { masked(text, isWhole: true) }

  /// The same for the beginning of a longer text; without the end of it that may begin a secret.
  public func masked(beginning text: String) -> String { masked(text, isWhole: false) }

  /// The same for a text that may have been cut short: where it ends with an ellipsis, the secret that it cut doesn't show.
  public func masked(shortened text: String) -> String {
    text.last == "…" ? masked(beginning: String(text.dropLast())) + "…" : masked(text)
  }

  private func masked(_ text: String, isWhole: Bool) -> String {
    var masking = SecretMasking(self)
    var shown: [UInt8] = []
    var text = text
    text.withUTF8 { masking.take(UnsafeRawBufferPointer($0), into: &shown) }
    if isWhole { masking.finish(into: &shown) }
    return String(decoding: shown, as: UTF8.self)
  }
}

extension SecretMask: CustomStringConvertible, CustomReflectable {
  public var description: String { "SecretMask" }
  /// Nothing of it: what is printed for debugging must not show secrets either.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
