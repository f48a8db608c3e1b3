internal import ArgumentParser
internal import Glibc
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion spec`
struct SpecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spec", abstract: "Export the protocol: OpenRPC, JSON Schemas, pages.",
    discussion: """
      Without a folder the OpenRPC document goes to stdout.

      EXAMPLES
        ion spec > openrpc.json
        ion spec protocol-spec            write the files there
        ion spec --check protocol-spec    compare them, and exit with 1 where they differ
      """)

  @Argument(help: "The folder of the exported files.")
  var folder: String?

  @Flag(name: .long, help: "Change nothing; say which files differ.")
  var check = false

  @OptionGroup var common: WorkspaceOptions

  func run() throws {
    let files = SpecExport.files(version: Version.current)
    guard let folder else {
      Console.write(files.first { $0.path == "openrpc.json" }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "")
      return
    }
    let root = try common.root().appending(folder)
    var differing: [String] = []
    for file in files {
      let path = root.appending(file.path)
      if check {
        if TextFile.bytes(path) != file.bytes { differing.append(file.path) }
      } else if !TextFile.write(file.bytes, to: path) {
        Console.warn("\(path) can't be written: \(String(cString: strerror(errno)))")
        throw ExitCode(ExitStatus.failed.rawValue)
      }
    }
    guard differing.isEmpty else {
      Console.warn(
        "these differ from what this Ion speaks: \(differing.joined(separator: ", ")); run `ion spec \(folder)`")
      throw ExitCode(ExitStatus.failed.rawValue)
    }
  }
}

/// `ion schema`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of workflow files.",
    discussion: """
      Editors complete and check workflow files with it.

      EXAMPLES
        ion schema > workflow.schema.json
      """)

  func run() {
    let files = SpecExport.files(version: Version.current)
    Console.write(
      files.first { $0.path == "workflow.schema.json" }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "")
  }
}
