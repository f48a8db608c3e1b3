import IonJSON
import IonWorkflow

/// A run that has values of every sort; the tests of resolving and evaluating read it.
enum SampleScope {
  static let scope = ValueScope(
    nodes: [
      "plan": .succeeded(OutputDocument(text: plan)),
      "text": .succeeded(OutputDocument(text: "it works\nwell")),
      "empty": .succeeded(OutputDocument(text: "")),
      "ten": .succeeded(OutputDocument(text: "10")),
      "version": .succeeded(OutputDocument(text: "1.10")),
      "padded": .succeeded(OutputDocument(text: "     7")),
      "big": .succeeded(OutputDocument(text: "9007199254740993")),
      "yes": .succeeded(OutputDocument(text: "true")),
      "no": .succeeded(OutputDocument(text: "false")),
      "shout": .succeeded(OutputDocument(text: "TRUE")),
      "none": .succeeded(OutputDocument(text: "null")),
      "quoted": .succeeded(OutputDocument(text: "\"hello\"")),
      "list": .succeeded(OutputDocument(text: "[\"a\", \"b\", 3]")),
      "fenced": .succeeded(OutputDocument(text: "```json\n{\"ok\": true}\n```")),
      "binary": .succeeded(OutputDocument(text: nil)),
      "answer": .succeeded(OutputDocument(text: "LGTM, ship it", isFreeForm: true)),
      "verdict": .succeeded(OutputDocument(text: "true", isFreeForm: true)),
      "failed": .settled(.failed),
      "skipped": .settled(.skipped),
      "cancelled": .settled(.cancelled),
      "interrupted": .settled(.interrupted),
      "waiting": .settled(.pending),
    ],
    inputs: ["name": "Ada", "count": 3, "ratio": .number(JSONNumber(unchecked: "2.50")), "force": true, "note": ""],
    variables: [.arguments: "fix it", .issueContext: "issue", .editorLine: "12", .editorFile: "a.swift"],
    matrix: ["os": "linux", "level": 2],
    previous: ["review": .succeeded(OutputDocument(text: #"{"done": false, "notes": ["x"]}"#))])

  private static let plan = #"""
    { "title": "Tidy",  "count": 10.0, "big": 12345678901234567890, "ok": true, "nothing": null, "flag": "true",
      "odd key": 1, "a.b": 2, "items": [{"name": "one"}, {"name": "two"}], "none": [], "bare": {},
      "nested": {"deep": [[1, 2], [3]]} }
    """#
}
