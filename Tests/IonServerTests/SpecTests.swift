import Foundation
import IonJSON
import IonRPC
import Testing

@testable import IonServer

@Suite struct SpecTests {
  static let repository = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let folder = repository.appending(path: "protocol-spec")

  /// The version that the checked-in document has; `ion spec --check` holds it to the program's.
  static let version: String = {
    let document = FileManager.default.contents(atPath: folder.appending(path: "openrpc.json").path) ?? Data()
    do {
      return try JSONParser().parse(Array(document))["info"]?["version"]?.stringValue ?? ""
    } catch {
      return ""
    }
  }()

  /// Run with `ION_RECORD=1` to write the files anew; recording fails the run, so that it can't pass by itself.
  @Test func exportedFilesAreWhatTheCodeSpeaks() throws {
    let records = ProcessInfo.processInfo.environment["ION_RECORD"] == "1"
    let files = SpecExport.files(version: Self.version)
    let schemas = Self.folder.appending(path: "schema")
    if records { try? FileManager.default.removeItem(at: schemas) }
    for file in files {
      let path = Self.folder.appending(path: file.path)
      if records {
        try FileManager.default.createDirectory(
          at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: path)
      }
      let found = FileManager.default.contents(atPath: path.path)
      #expect(found == Data(file.bytes), "\(file.path) differs from the code: run `ion spec protocol-spec`")
    }
    let kept = try FileManager.default.contentsOfDirectory(atPath: schemas.path).map { "schema/\($0)" }
    #expect(Set(kept).subtracting(files.map(\.path)) == [], "no shape has these any more; delete them")
    #expect(!records, "the files were recorded")
  }

  @Test func exportIsTheSameEveryTime() {
    #expect(SpecExport.files(version: "1") == SpecExport.files(version: "1"))
  }

  @Test func exportedSchemasReferToTheirNeighbours() throws {
    let files = SpecExport.files(version: "1")
    let names = Set(files.map(\.path))
    for file in files where file.path.hasPrefix("schema/") {
      let text = String(decoding: file.bytes, as: UTF8.self)
      for reference in text.split(separator: "\"$ref\": \"").dropFirst() {
        let target = reference.prefix { $0 != "\"" }
        #expect(names.contains("schema/\(target)"), "\(file.path) refers to \(target)")
      }
    }
  }

  @Test func everyMethodIsNamedOnce() {
    let names = Catalog.requests.map { $0.method } + Catalog.notifications.map { $0.method }
    #expect(Set(names).count == names.count)
  }

  @Test func everyMethodStandsInAFileOfItsTypesName() throws {
    for (folder, types) in [
      ("Methods", Catalog.requests.map { ($0.method, "\($0)") }),
      ("Notifications", Catalog.notifications.map { ($0.method, "\($0)") }),
    ] {
      let path = Self.repository.appending(path: "Sources/IonServer/\(folder)")
      for (method, type) in types {
        let text = try String(contentsOf: path.appending(path: "\(type).swift"), encoding: .utf8)
        #expect(text.contains("static let method = \"\(method)\""), "\(type).swift doesn't declare \(method)")
        #expect(text.contains("`\(method)`"), "\(type).swift doesn't say which method it is")
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: path.path).filter { !$0.contains("+") }
      #expect(Set(files) == Set(types.map { "\($0.1).swift" }), "a file without a line in the catalog, or the reverse")
    }
  }

  @Test func typesAreNamedAfterWhatTheyDo() {
    for request in Catalog.requests {
      let verb = request.method.split { $0 == "/" || $0 == "." }.last.map(String.init) ?? ""
      #expect("\(request)".lowercased().contains(verb), "\(request) serves \(request.method)")
    }
  }

  static let shapes: [any WireShape.Type] =
    Catalog.requests.flatMap { [$0.paramsShape, $0.resultShape] }
    + Catalog.notifications.map { $0 as any WireShape.Type }

  @Test func everyFieldHasANoteAndNoNoteIsStale() {
    for shape in Self.shapes {
      #expect(Set(SchemaProbe.fields(of: shape)) == Set(shape.notes.keys), "\(shape)")
      for (field, note) in shape.notes { #expect(note.hasSuffix("."), "\(shape).\(field): \(note)") }
    }
  }

  /// Shapes inside shapes have their notes in the schemas.
  @Test func everyPropertyOfEverySchemaIsDescribed() {
    for member in OpenRPCDocument.namedSchemas.members {
      for property in member.value["properties"]?.objectValue?.members ?? [] {
        #expect(property.value["description"] != nil, "\(member.key).\(property.key)")
      }
      for word in member.value["anyOf"]?.arrayValue ?? [] {
        #expect(word["description"] != nil, "\(member.key): \(word)")
      }
    }
  }

  @Test func specsNameEachErrorOnce() {
    for request in Catalog.requests {
      let errors = Self.errors(of: request)
      #expect(Set(errors).count == errors.count, "\(request.method)")
    }
  }

  private static func errors<Request: ServedRequest>(of request: Request.Type) -> [ErrorKind] { request.spec.errors }
}

extension ServedRequest {
  static var paramsShape: any WireShape.Type { Params.self }
  static var resultShape: any WireShape.Type { Result.self }
}

@Suite struct ExampleTests {
  @Test func examplesSurviveTheWire() throws {
    for request in Catalog.requests { try expectExamplesSurvive(request) }
    for notification in Catalog.notifications { try expectExamplesSurvive(notification) }
  }

  private func expectExamplesSurvive<Request: ServedRequest>(_ request: Request.Type) throws {
    #expect(!request.spec.examples.isEmpty, "\(request.method) has no example")
    for example in request.spec.examples {
      let params = try JSONValue(encoding: example.params)
      #expect(try JSONValue(encoding: request.read(params)) == params, "\(request.method)")
      let result = try JSONValue(encoding: example.result)
      let read: Request.Result = try result.decode()
      #expect(try JSONValue(encoding: read) == result, "\(request.method)")
    }
  }

  private func expectExamplesSurvive<Notification: SentNotification>(_ notification: Notification.Type) throws {
    #expect(!notification.examples.isEmpty, "\(notification.method) has no example")
    for example in notification.examples {
      let params = try JSONValue(encoding: example)
      let read: Notification = try params.decode()
      #expect(try JSONValue(encoding: read) == params, "\(notification.method)")
    }
  }

  @Test func examplesKeepToTheirSchemas() {
    for request in Catalog.requests { expectExamplesKeepToSchema(request) }
    for notification in Catalog.notifications { expectExamplesKeepToSchema(notification) }
  }

  private func expectExamplesKeepToSchema<Request: ServedRequest>(_ request: Request.Type) {
    var probe = SchemaProbe()
    let params = probe.objectSchema(of: Request.Params.self)
    let result = probe.objectSchema(of: Request.Result.self)
    let check = SchemaCheck(definitions: probe.definitions)
    for example in request.spec.examples {
      #expect(check.faults(of: OpenRPCDocument.encoded(example.params), against: .object(params)) == [])
      #expect(check.faults(of: OpenRPCDocument.encoded(example.result), against: .object(result)) == [])
    }
  }

  private func expectExamplesKeepToSchema<Notification: SentNotification>(_ notification: Notification.Type) {
    var probe = SchemaProbe()
    let schema = probe.objectSchema(of: notification)
    let check = SchemaCheck(definitions: probe.definitions)
    for example in notification.examples {
      #expect(check.faults(of: OpenRPCDocument.encoded(example), against: .object(schema)) == [])
    }
  }

  @Test func durableNotificationsCarryTheirNumber() {
    for notification in Catalog.notifications {
      #expect(SchemaProbe.fields(of: notification).contains("seq") == notification.isDurable, "\(notification)")
    }
  }

  @Test(arguments: [
    ("{}", ["/a is missing"]), (#"{"a": "x"}"#, ["/a: string instead of [\"integer\"]"]),
    (#"{"a": 11}"#, ["/a: above 10"]), (#"{"a": 1, "b": 2}"#, ["/b is in no property of the schema"]),
    (#"{"a": 1}"#, []),
  ])
  func theCheckFindsWhatIsWrong(value: String, faults: [String]) throws {
    let schema: JSONValue = [
      "type": "object", "properties": ["a": ["type": "integer", "maximum": 10]], "required": ["a"],
    ]
    let value = try JSONParser().parse(Array(value.utf8))
    #expect(SchemaCheck(definitions: [:]).faults(of: value, against: schema) == faults)
  }
}
