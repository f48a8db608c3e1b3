internal import IonWorkflow

/// What depends on what in a picture, by the places of its nodes.
///
/// A dependency is meant as the workflow file means it: within an iteration of a loop first, and all instances of a node
/// where the picture has only those.
struct PictureLinks: Hashable, Sendable {
  /// For each node, those that it waits for, in its own order and without repeats.
  private(set) var dependencies: [[Int]] = []
  /// For each node, those that wait for it, ascending.
  private(set) var dependents: [[Int]]
  /// Where each id is first.
  let indices: [String: Int]

  init(_ nodes: [RunPicture.Node]) {
    var indices: [String: Int] = [:]
    var instances: [String: [Int]] = [:]
    let paths = nodes.map { NodePath($0.id.rawValue) }
    for (index, node) in nodes.enumerated() {
      if indices[node.id.rawValue] == nil { indices[node.id.rawValue] = index }
      if case .instances(let id) = paths[index].frames.last { instances[id, default: []].append(index) }
    }
    self.indices = indices
    dependents = Array(repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      var found: [Int] = []
      for dependency in node.dependsOn {
        for id in [paths[index].prefix + dependency.rawValue, dependency.rawValue] {
          let meant = indices[id].map { [$0] } ?? instances[id] ?? []
          guard !meant.isEmpty else { continue }
          found += meant
          break
        }
      }
      var known: Set<Int> = [index]
      dependencies.append(found.filter { known.insert($0).inserted })
      for source in dependencies[index] { dependents[source].append(index) }
    }
  }
}
