import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct StepFingerprintTests {
  private static let usual = StepFingerprint(
    workflow: "w", node: "n", definition: "d1", key: "k1", values: ["INPUTS.x": "v1", "INPUTS.y": "v1"],
    environment: ["HOME", "PATH"], upstream: ["up": "succeeded o1"], files: ["src/a.c": "f1", "src/b.c": "f1"])

  private static func usual(_ change: (inout StepFingerprint) -> Void) -> StepFingerprint {
    var fingerprint = usual
    change(&fingerprint)
    return fingerprint
  }

  /// Each change of one part, and what is said about it.
  static let changes: [(StepFingerprint, [String])] = [
    (usual { $0.definition = "d2" }, ["what the node's definition says is different"]),
    (usual { $0.key = "k2" }, ["`cache.key` is `k2` and was `k1`"]),
    (usual { $0.key = nil }, ["`cache.key` is not there and was `k1`"]),
    (usual { $0.values["INPUTS.x"] = "v2" }, ["the value of `INPUTS.x` is different"]),
    (usual { $0.values["INPUTS.y"] = nil }, ["`INPUTS.y` is not given any more"]),
    (usual { $0.values["ARGUMENTS"] = "v" }, ["`ARGUMENTS` is given now"]),
    (usual { $0.environment = ["HOME", "LANG", "PATH"] }, ["the environment has `LANG` now"]),
    (usual { $0.environment = ["PATH"] }, ["the environment has no `HOME` any more"]),
    (usual { $0.upstream["up"] = "succeeded o2" }, ["`up` came to something else"]),
    (usual { $0.upstream = [:] }, ["it does not wait for `up` any more"]),
    (usual { $0.files["src/a.c"] = "f2" }, ["the file `src/a.c` was changed"]),
    (usual { $0.files["src/a.c"] = nil }, ["the file `src/a.c` is gone"]),
    (usual { $0.files["src/c.c"] = "f1" }, ["the file `src/c.c` is new"]),
  ]

  @Test(arguments: changes.indices) func eachPartCountsAndIsNamed(_ index: Int) throws {
    let (changed, words) = Self.changes[index]
    #expect(changed.differences(from: Self.usual) == words)
    #expect(try changed.digest() != Self.usual.digest())
  }

  @Test func sameThingsHaveOneDigestInWhateverOrderTheyCame() throws {
    var other = Self.usual
    other.files = [:]
    for name in ["src/b.c", "src/a.c"] { other.files[name] = "f1" }
    #expect(try other.digest() == Self.usual.digest())
    #expect(other.differences(from: Self.usual).isEmpty)
  }

  @Test func namesOfDifferentPartsAreNotMixedUp() throws {
    let values = Self.usual {
      $0.values = ["a": "b"]; $0.upstream = [:]
    }
    let upstream = Self.usual {
      $0.values = [:]; $0.upstream = ["a": "b"]
    }
    #expect(try values.digest() != upstream.digest())
  }

  @Test func manyDifferencesOfOneKindAreCounted() {
    let many = Self.usual { for number in 1...9 { $0.files["new/\(number)"] = "f" } }
    let words = many.differences(from: Self.usual)
    #expect(words.count == 6)
    #expect(words.first == "the file `new/1` is new")
    #expect(words.last == "4 more of that kind")
  }
}
