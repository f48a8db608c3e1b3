internal import ArgumentParser
internal import Glibc
internal import IonWorkflow

/// What every command that looks at a workspace takes.
struct WorkspaceOptions: ParsableArguments {
  @Option(name: [.customShort("C"), .long], help: "The folder to work in, instead of this one.")
  var directory: String?

  @Flag(name: .long, help: "Print JSON for programs.")
  var json = false

  /// The folder, absolute.
  func root() throws(CommandFailure) -> AbsolutePath {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard getcwd(&buffer, buffer.count) != nil,
      let here = AbsolutePath(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    else { throw CommandFailure("this folder is gone", code: .usage) }
    return directory.map { here.appending($0) } ?? here
  }
}
