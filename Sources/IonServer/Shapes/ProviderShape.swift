internal import IonAgents
public import IonEngine
public import IonWorkflow

/// An agent provider as the protocol shows it: `Provider`.
public struct ProviderShape: WireShape, Hashable {
  public static let schemaName: String? = "Provider"
  public static let notes: [String: String] = [
    "providerId": "What workflows and the configuration call it.",
    "title": "What people call the agent; absent for one that Ion doesn't know by itself.",
    "kind": "How Ion talks with it; absent where nothing says that.",
    "source": "Who says that there is such a provider.",
    "command": "The program as it is named; absent where none is, or the provider is a part of this process.",
    "args": "What follows the program, with its placeholders; absent where `command` is.",
    "program": "The absolute path of the program; absent where it isn't found.",
    "model": "The model where neither run, node nor workflow says one; absent where that is left to the agent.",
    "default": "Whether it is taken where no run, node or workflow says another.",
    "abilities": "The workflow keys that it acts on, `context` for going on in earlier sessions.",
    "heldByIon":
      """
    The workflow keys that Ion holds it to: lists of tools where it asks leave or has Ion act for it, `maxBudgetUsd` (and \
    `budget`) where it reports what it uses.
    """,
    "page": "Where people learn how the agent is installed; absent for one that Ion doesn't know by itself.",
    "error": "Why it takes no turns, for people; absent where nothing is known against it.",
  ]

  public var providerId: String
  public var title: String?
  public var kind: ProviderDefinition.Kind?
  public var source: ProviderListing.Source
  public var command: String?
  public var args: [String]?
  public var program: String?
  public var model: String?
  public var `default`: Bool
  public var abilities: [String]
  public var heldByIon: [String]
  public var page: String?
  public var error: String?

  public init(_ listing: ProviderListing) {
    let definition = listing.source == .embedded ? nil : listing.definition
    providerId = listing.id
    title = listing.shipped?.title
    kind = definition?.effectiveKind
    source = listing.source
    command = definition?.program
    args = definition?.program.map { _ in (definition?.arguments ?? []).flatMap(\.words) }
    program = listing.program
    model = listing.definition?.model
    `default` = listing.isDefault
    abilities = listing.abilities.map(\.rawValue)
    heldByIon = listing.heldByIon.map(\.rawValue)
    page = listing.shipped?.page
    error = listing.fault
  }
}

/// What came of trying a provider: `ProviderCheck`.
public struct ProviderCheckShape: WireShape, Hashable {
  public static let schemaName: String? = "ProviderCheck"
  public static let notes: [String: String] = [
    "providerId": "The provider.",
    "source": "Who says that there is such a provider.",
    "default": "Whether it is taken where no run, node or workflow says another.",
    "condition": "What came of it.",
    "program":
      "The absolute path of the program; absent where it wasn't found, or the provider is a part of this process.",
    "version": "What the program says of its version; absent where it says nothing.",
    "protocolVersion": "The version of the agents' protocol that was agreed on; absent where there is none.",
    "authentication": "Whether the agent takes who asks for somebody it serves.",
    "signIns": "The ways to sign in that the agent offers.",
    "durationMs": "How long it took until it had answered, or failed, in milliseconds.",
    "error": "What went wrong, for people; absent where it answers.",
    "hint": "What to do about it, for people; absent where there is nothing to do, or nothing is known.",
    "stderr": "The end of what it said on stderr; absent where it said nothing.",
  ]

  public var providerId: String
  public var source: ProviderListing.Source
  public var `default`: Bool
  public var condition: ProviderCheck.Condition
  public var program: String?
  public var version: String?
  public var protocolVersion: String?
  public var authentication: AuthenticationState
  public var signIns: [SignInShape]
  public var durationMs: Int64
  public var error: String?
  public var hint: String?
  public var stderr: String?

  public init(_ check: ProviderCheck) {
    let checkup = check.checkup
    providerId = check.listing.id
    source = check.listing.source
    `default` = check.listing.isDefault
    condition = check.condition
    program = checkup.program
    version = checkup.version
    protocolVersion = checkup.protocolVersion
    authentication = AuthenticationState(checkup.authentication)
    signIns = checkup.signIns.map { SignInShape(methodId: $0.id, name: $0.name) }
    durationMs = checkup.duration.wireMilliseconds
    error = checkup.failure?.message
    hint = check.hint
    stderr = checkup.stderr.isEmpty ? nil : checkup.stderr
  }
}

/// A way to sign in to an agent.
public struct SignInShape: WireShape, Hashable {
  public static let notes: [String: String] = [
    "methodId": "What the agent calls it.",
    "name": "For people.",
  ]

  public var methodId: String
  public var name: String
}
