internal import CIonProcess

/// What exit codes and signals mean to people.
public enum ExitMeaning {
  /// One clause about an exit code, such as `exit code 127: a command was not found`. Shells give 126 and 127 for commands
  /// that they couldn't run, and 128 + n for one that signal n ended; 1 … 125 are the program's own.
  public static func words(forCode code: Int32) -> String {
    switch code {
    case 126: "exit code 126: a command was found but could not be executed"
    case 127: "exit code 127: a command was not found"
    case 129...192: "exit code \(code): a command was ended by \(words(forSignal: code - 128))"
    default: "exit code \(code)"
    }
  }

  /// A signal's name, such as `SIGKILL`; its number where it has none.
  public static func name(ofSignal number: Int32) -> String {
    ion_signal_name(number).map { "SIG" + String(cString: $0) } ?? "\(number)"
  }

  /// A signal's name and what it is for, such as `signal 9 (SIGKILL: Killed)`.
  public static func words(forSignal number: Int32) -> String {
    guard let name = ion_signal_name(number), let description = ion_signal_description(number) else {
      return "signal \(number)"
    }
    return "signal \(number) (SIG\(String(cString: name)): \(String(cString: description)))"
  }
}
