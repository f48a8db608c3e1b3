public import IonEngine

extension PlanVerdict: WireWord {
  public static let schemaName = "PlanVerdict"

  public var meaning: String {
    switch self {
    case .run: "It runs, whatever the unknown outputs are."
    case .skip: "It is not run, whatever the unknown outputs are."
    case .fail: "It fails before it does anything: its condition or a value that it reads can't be had."
    case .depends: "It may run or not: that hangs on what isn't known, which `doubts` and `reason` name."
    }
  }
}

extension PlanStub.Status: WireWord {
  public static let schemaName = "StubStatus"

  public var meaning: String {
    switch self {
    case .succeeded: "It succeeds, once it would run."
    case .failed: "It fails, once it would run, whatever its `retry` says."
    case .skipped: "It is skipped, as if it had a condition that is not met."
    }
  }
}
