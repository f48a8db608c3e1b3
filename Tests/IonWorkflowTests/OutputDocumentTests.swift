import IonJSON
import IonWorkflow
import Testing

@Suite struct OutputDocumentTests {
  /// An output's text, and the JSON document that it is; nil for free text.
  static let readings: [(String, String?)] = [
    ("{}", "{}"),
    (#"{"a": 1}"#, #"{"a":1}"#),
    ("[1, 2]", "[1,2]"),
    ("10", "10"),
    ("-1.50", "-1.50"),
    ("true", "true"),
    ("false", "false"),
    ("null", "null"),
    (" \t\r\n{\"a\": 1}\n ", #"{"a":1}"#),
    ("     7", "7"),
    // Texts.
    ("", nil),
    ("  \n", nil),
    ("hello", nil),
    ("\"hello\"", nil),
    ("truely", nil),
    ("True", nil),
    ("010", nil),
    ("1.2.3", nil),
    ("0x10", nil),
    ("NaN", nil),
    ("{a: 1}", nil),
    (#"{"a": 1,}"#, nil),
    (#"{"a": 1} {"b": 2}"#, nil),
    ("[INFO] started", nil),
    ("{\"cut\": ", nil),
    // One code fence around a document is taken off.
    ("```json\n{\"a\": 1}\n```", #"{"a":1}"#),
    ("```\n[1]\n```", "[1]"),
    ("\n```JSON  \n  10\n```\n", "10"),
    ("````json\n{\"a\": \"```\"}\n````", #"{"a":"```"}"#),
    ("```json\n{\"a\": 1}\n  ```", #"{"a":1}"#),
    ("```json\r\n{\"a\": 1}\r\n```", #"{"a":1}"#),
    // And nothing else is.
    ("```json\n\"text\"\n```", nil),
    ("```json\n{\"a\": 1}", nil),
    ("```json\n{\"a\": 1}```", nil),
    ("```json\n{\"a\": 1}\n````", nil),
    ("````json\n{\"a\": 1}\n```", nil),
    ("``\n{}\n``", nil),
    ("```{}```", nil),
    ("```", nil),
    ("```json", nil),
    ("```\n```", nil),
    ("Here:\n```json\n{}\n```", nil),
    ("```json\n{}\n```\nDone.", nil),
    ("```json\n{}\n```\n```json\n{}\n```", nil),
    ("```json\n```json\n{}\n```\n```", nil),
  ]

  @Test(arguments: readings) func documentIsFound(text: String, json: String?) {
    let document = OutputDocument(text: text)
    #expect(document.json?.serializedText() == json)
    #expect(document.text == text)
    #expect(!document.isFreeForm)
  }

  @Test func textWithNULCannotBeReadAsAValue() {
    #expect(OutputDocument(text: "a\0b").text == nil)
    #expect(OutputDocument(text: "[\"\0\"]").json == nil)
  }

  @Test func bottomlessNestingIsFreeText() {
    let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    #expect(OutputDocument(text: text).json == nil)
  }
}
