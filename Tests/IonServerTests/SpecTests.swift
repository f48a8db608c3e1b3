import Foundation
import IonJSON
import IonRPC
import Testing

@testable import IonServer

@Suite struct SpecTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "protocol-spec")

  /// Run with `ION_RECORD=1` to write the files anew; recording fails the run, so that it can't pass by itself.
  @Test func exportedFilesAreWhatTheCodeSpeaks() throws {
    let records = ProcessInfo.processInfo.environment["ION_RECORD"] == "1"
    for file in SpecExport.files(version: "0.1.0") {
      let path = Self.folder.appending(path: file.path)
      if records {
        try FileManager.default.createDirectory(
          at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: path)
      }
      let found = try? Data(contentsOf: path)
      #expect(found == Data(file.bytes), "\(file.path) differs from the code: run `ion spec protocol-spec`")
    }
    #expect(!records, "the files were recorded")
  }

  @Test func everyMethodIsNamedOnce() {
    let names = Catalog.requests.map { $0.method } + Catalog.notifications.map { $0.method }
    #expect(Set(names).count == names.count)
  }

  static let shapes: [any WireShape.Type] =
    Catalog.requests.flatMap { [$0.paramsShape, $0.resultShape] }
    + Catalog.notifications.map { $0 as any WireShape.Type }

  @Test func everyFieldHasANoteAndNoNoteIsStale() {
    for shape in Self.shapes {
      let fields = Set(fieldNames(of: shape))
      #expect(fields == Set(shape.notes.keys), "\(shape)")
    }
  }

  private func fieldNames(of shape: any WireShape.Type) -> [String] { SchemaProbe.fields(of: shape) }

  @Test func examplesSurviveTheWire() throws {
    for request in Catalog.requests { try expectExamplesSurvive(request) }
  }

  private func expectExamplesSurvive<Request: ServedRequest>(_ request: Request.Type) throws {
    for example in request.spec.examples {
      let params = try JSONValue(encoding: example.params)
      let read: Request.Params = try params.decode()
      #expect(try JSONValue(encoding: read) == params, "\(Request.method)")
      let result = try JSONValue(encoding: example.result)
      let readResult: Request.Result = try result.decode()
      #expect(try JSONValue(encoding: readResult) == result, "\(Request.method)")
    }
    #expect(!request.spec.examples.isEmpty, "\(Request.method) has no example")
  }
}

extension ServedRequest {
  static var paramsShape: any WireShape.Type { Params.self }
  static var resultShape: any WireShape.Type { Result.self }
}
