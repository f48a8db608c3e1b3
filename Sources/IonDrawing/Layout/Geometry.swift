/// A place in a drawing; x grows to the right, y downwards, one unit is a CSS pixel.
struct Point: Hashable, Sendable {
  var x: Double
  var y: Double

  static func + (left: Point, right: Point) -> Point { Point(x: left.x + right.x, y: left.y + right.y) }
}

struct Size: Hashable, Sendable {
  var width: Double
  var height: Double
}

struct Rect: Hashable, Sendable {
  var origin: Point
  var size: Size

  var maxX: Double { origin.x + size.width }
  var maxY: Double { origin.y + size.height }
  var midY: Double { origin.y + size.height / 2 }

  func moved(by offset: Point) -> Rect { Rect(origin: origin + offset, size: size) }

  /// Whether two rectangles share more than an edge.
  func overlaps(_ other: Rect) -> Bool {
    origin.x < other.maxX && other.origin.x < maxX && origin.y < other.maxY && other.origin.y < maxY
  }

  func contains(_ other: Rect) -> Bool {
    origin.x <= other.origin.x && origin.y <= other.origin.y && other.maxX <= maxX && other.maxY <= maxY
  }
}

/// The way of one edge: straight from the first point to the second, curved to the third, straight to the fourth, and so
/// on. It begins and ends straight.
struct Route: Hashable, Sendable {
  var points: [Point]

  func moved(by offset: Point) -> Route { Route(points: points.map { $0 + offset }) }
}

/// An edge between two boxes, by their indices.
struct Link: Hashable, Sendable {
  var source: Int
  var target: Int
}
