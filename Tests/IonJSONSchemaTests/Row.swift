import IonJSON
import IonJSONSchema
import Testing

/// One schema of a table, and values that fit it and that don't; all as JSON texts.
struct Row: Sendable, CustomTestStringConvertible {
  var schema: String
  var fits: [String]
  var fails: [String]

  init(_ schema: String, fits: [String] = [], fails: [String] = []) {
    self.schema = schema
    self.fits = fits
    self.fails = fails
  }

  var testDescription: String { schema }

  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let compiled = try JSONSchema(json(schema))
    for text in fits {
      let findings = compiled.findings(in: try json(text))
      #expect(findings.isEmpty, "\(text) must fit \(schema)", sourceLocation: sourceLocation)
    }
    for text in fails {
      let findings = compiled.findings(in: try json(text))
      #expect(!findings.isEmpty, "\(text) must not fit \(schema)", sourceLocation: sourceLocation)
    }
  }
}

func json(_ text: String) throws -> JSONValue { try JSONParser().parse(text) }

/// The problems of a schema that can't be compiled.
func problems(_ text: String) throws -> [SchemaProblem] {
  let value = try json(text)
  do throws(JSONSchemaFailure) {
    _ = try JSONSchema(value)
    return []
  } catch {
    return error.problems
  }
}
