/// How a rewritten body gets its values: by the environment, and from files where they are too large for it.
///
/// A file is read by a line that is put in front of the body's first line, so that line numbers stay. It doesn't take
/// `BASH_ENV`, which bash ignores in POSIX mode, which child shells would run again, and which is the user's own.
public struct StepValues: Hashable, Sendable {
  /// A variable of the step's environment.
  public struct Entry: Hashable, Sendable {
    public var name: String
    public var value: String
  }

  /// A file that must be in the folder before the body runs.
  public struct File: Hashable, Sendable {
    /// A name without slashes.
    public var name: String
    public var bytes: [UInt8]
  }

  /// The largest value that the environment carries, in bytes. Linux takes no string over 128 KB.
  public static let valueLimit = 64 * 1024
  /// How many bytes of values the environment carries in all.
  public static let totalLimit = 512 * 1024
  /// The longest text that is given to bash as an argument, in bytes.
  public static let argumentLimit = 100 * 1024

  public let environment: [Entry]
  /// Empty where everything fits the environment; nothing must be written then.
  public let files: [File]
  /// What bash must run.
  public let text: String

  /// Whether the text is too long for `bash -c` and must be run from a file.
  public var needsFile: Bool { text.utf8.count > Self.argumentLimit }

  /// Checks values and shares them out.
  /// - Parameters:
  ///   - values: The text for each of the rewriting's variables, in their order.
  ///   - folder: Where `files` will be: a folder of this step's attempt alone.
  /// - Throws: The first value that bash can't be given.
  public init(_ rewriting: BashRewriting, values: [String], folder: AbsolutePath) throws(StepValueFailure) {
    precondition(values.count == rewriting.variables.count, "each variable has one value")
    var environment: [Entry] = []
    var loaded: [Entry] = []
    var room = Self.totalLimit
    for (variable, text) in zip(rewriting.variables, values) {
      let value = try StepValueFailure.checked(text, for: variable)
      let size = value.utf8.count
      if size <= Self.valueLimit, size <= room {
        room -= size
        environment.append(Entry(name: variable.name, value: value))
      } else {
        loaded.append(Entry(name: variable.name, value: value))
      }
    }
    self.environment = environment
    if loaded.isEmpty {
      files = []
      text = rewriting.text
    } else {
      let loader = BashLoader(values: loaded, folder: folder)
      files = loader.files
      text = loader.line + rewriting.text
    }
  }
}

/// Why a value can't be given to bash.
public struct StepValueFailure: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// Bash computes with it, and it isn't a decimal integer.
    case notAnInteger
    /// It starts with a parenthesis where bash would expand what is in it.
    case parenthesized
    /// It holds a NUL, which no variable can.
    case nul
  }

  public var reference: Reference
  public var reason: Reason

  /// What is wrong and what to do, for people; never the value.
  public var message: String {
    switch reason {
    case .notAnInteger:
      "`\(reference)` stands where bash computes, and its value is not a decimal integer; use it as text, or make it one."
    case .parenthesized:
      "the value of `\(reference)` starts with `(` where bash would expand it as a list; declare and assign in two steps."
    case .nul: "the value of `\(reference)` has a NUL byte, which no shell variable can hold."
    }
  }

  /// The value as its variable must have it.
  static func checked(_ value: String, for variable: BashRewriting.Variable) throws(StepValueFailure) -> String {
    if value.utf8.contains(0) { throw StepValueFailure(reference: variable.reference, reason: .nul) }
    switch variable.rule {
    case .anyText: return value
    case .integer:
      guard let number = ArithmeticValue.normalized(value) else {
        throw StepValueFailure(reference: variable.reference, reason: .notAnInteger)
      }
      return number
    case .notParenthesized:
      guard value.utf8.first != UInt8(ascii: "(") else {
        throw StepValueFailure(reference: variable.reference, reason: .parenthesized)
      }
      return value
    }
  }
}

/// The script that reads values from files into plain variables, which are never exported: the kernel would refuse them
/// to every program that the body starts.
private struct BashLoader {
  let files: [StepValues.File]
  /// What must stand in front of the body; it ends the step with 125 where a value can't be read whole.
  let line: String

  init(values: [StepValues.Entry], folder: AbsolutePath) {
    var files: [StepValues.File] = []
    // `read` keeps every byte but NUL, and trailing newlines; it returns 1 at the file's end. In the C locale it takes
    // bytes as they come, and `${#…}` counts them.
    var script = "ion_load() {\n  local LC_ALL=C IFS=\n"
    for value in values {
      let path = Self.quoted(folder.appending(value.name).text)
      script += "  read -r -d '' \(value.name) < \(path) || "
      script += "[[ ${#\(value.name)} == \(value.value.utf8.count) ]] || return\n  export -n \(value.name)\n"
      files.append(StepValues.File(name: value.name, bytes: Array(value.value.utf8)))
    }
    script += "}\nif ion_load; then unset -f ion_load; else\n"
    script += "  echo 'ion: a value of this step could not be read' >&2\n  exit 125\nfi\n"
    self.files = files + [StepValues.File(name: "load.bash", bytes: Array(script.utf8))]
    line = ". \(Self.quoted(folder.appending("load.bash").text)) || exit 125; "
  }

  private static func quoted(_ path: String) -> String {
    // By bytes: a quote with a combining mark behind it is one character, and still ends the quoting.
    let quote = UInt8(ascii: "'")
    let parts = path.utf8.split(separator: quote, omittingEmptySubsequences: false)
    return String(decoding: [quote] + parts.joined(separator: "'\\''".utf8) + [quote], as: UTF8.self)
  }
}
