// swift-tools-version: 6.2
import PackageDescription

/// The language mode and the upcoming features that every Swift target is built with.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A library target of Ion's with the shared settings.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let collections: [Target.Dependency] = [
  .product(name: "DequeModule", package: "swift-collections"),
  .product(name: "OrderedCollections", package: "swift-collections"),
  .product(name: "HeapModule", package: "swift-collections"),
]
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "Ion",
  products: [
    .executable(name: "ion", targets: ["ion"]),
    .library(name: "IonEngine", targets: ["IonEngine"]),
    .library(name: "IonServer", targets: ["IonServer"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CIonCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CIonProcess"),
    room("IonJSON"),
    room("IonLock"),
    room("IonThread"),
    room("IonDigest", ["CIonCrypto"]),
    room("IonJSONSchema", ["IonJSON"]),
    room("IonWorkflow", ["IonJSONSchema", "IonJSON"]),
    room("IonDrawing", ["IonWorkflow"]),
    room("IonScheduler", ["IonWorkflow", "IonJSON"] + collections),
    room(
      "IonWorkflowFile", ["IonWorkflow", "IonJSONSchema", "IonJSON", .product(name: "Yams", package: "Yams")],
      resources: [.embedInCode("Builtin")]),
    room("IonProcess", ["IonWorkflow", "IonDigest", "IonLock", "IonThread", "CIonProcess"]),
    room("IonAgents", ["IonProcess", "IonWorkflow", "IonJSON", "IonLock"]),
    room(
      "IonStore",
      ["IonScheduler", "IonWorkflow", "IonJSON", "IonLock", .product(name: "GRDB", package: "GRDB.swift")]),
    room("IonRPC", ["IonJSON", "IonLock", "IonThread", logging] + collections),
    room(
      "IonEngine",
      [
        "IonWorkflowFile", "IonStore", "IonAgents", "IonProcess", "IonScheduler", "IonWorkflow", "IonDigest", "IonLock",
        "IonThread", "IonJSONSchema", "IonJSON", logging,
      ]
        + collections),
    room(
      "IonServer",
      [
        "IonRPC", "IonEngine", "IonDrawing", "IonAgents", "IonStore", "IonScheduler", "IonProcess", "IonWorkflowFile",
        "IonWorkflow", "IonDigest", "IonLock", "IonJSONSchema", "IonJSON", logging,
      ]
        + collections),
    room("IonTestSupport", ["IonServer", "IonRPC", "IonEngine", "IonAgents", "IonProcess", "IonWorkflow", "IonJSON"]),
    .executableTarget(
      name: "ion",
      dependencies: [
        "IonServer", "IonEngine", "IonRPC", "IonProcess", "IonWorkflowFile", "IonWorkflow", "IonThread", "IonJSON",
        logging, .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.embedInCode("Templates")],
      swiftSettings: settings),
    tests("ArchitectureTests", []),
    tests("IonJSONTests", ["IonJSON"]),
    tests("IonJSONSchemaTests", ["IonJSONSchema", "IonJSON"]),
    tests("IonWorkflowTests", ["IonWorkflow", "IonJSON"]),
    tests("IonDrawingTests", ["IonDrawing", "IonWorkflow", "IonDigest"], resources: [.copy("Fixtures")]),
    tests("IonSchedulerTests", ["IonScheduler", "IonWorkflow", "IonJSON"]),
    tests(
      "IonWorkflowFileTests", ["IonWorkflowFile", "IonTestSupport", "IonWorkflow", "IonJSONSchema", "IonJSON"]),
    tests("IonProcessTests", ["IonProcess", "IonWorkflow", "IonDigest", "IonThread"]),
    tests("IonAgentsTests", ["IonAgents", "IonProcess", "IonWorkflow", "IonJSON"], resources: [.copy("Agents")]),
    tests(
      "IonStoreTests",
      ["IonStore", "IonScheduler", "IonWorkflow", "IonJSON", "IonLock", .product(name: "GRDB", package: "GRDB.swift")],
      resources: [.copy("Fixtures")]),
    tests("IonRPCTests", ["IonRPC", "IonJSON", logging]),
    tests(
      "IonEngineTests",
      [
        "IonEngine", "IonTestSupport", "IonStore", "IonAgents", "IonScheduler", "IonProcess", "IonWorkflow", "IonJSON",
      ]),
    tests(
      "IonServerTests",
      ["IonServer", "IonTestSupport", "IonRPC", "IonEngine", "IonAgents", "IonWorkflow", "IonJSON"]),
    tests(
      "ConformanceTests",
      [
        "IonTestSupport", "IonEngine", "IonStore", "IonScheduler", "IonWorkflowFile", "IonWorkflow", "IonJSONSchema",
        "IonJSON",
      ],
      resources: [.copy("Tables")]),
    tests("EndToEndTests", ["ion", "IonTestSupport", "IonRPC", "IonJSON"]),
  ],
  swiftLanguageModes: [.v6]
)
