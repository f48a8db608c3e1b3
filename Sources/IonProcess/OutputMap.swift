internal import Glibc
internal import IonWorkflow

/// Which bytes of which file a view is made of, as things stood at one moment.
///
/// The streams' sizes are taken before the index is read, so that it knows of every byte that counts: bytes that arrive in
/// between are left for the next reader, and offsets mean the same to both.
struct OutputMap {
  private typealias Piece = OutputPiece

  private let files: OutputFiles
  private let view: OutputView
  private let sizes: [StepStream: Int]

  init(_ files: OutputFiles, _ view: OutputView) throws(OutputFailure) {
    self.files = files
    self.view = view
    var sizes: [StepStream: Int] = [:]
    for stream in StepStream.allCases where view.shows(stream) { sizes[stream] = try Self.size(files.file(stream)) }
    self.sizes = sizes
  }

  /// Bytes in the view.
  var size: Int { sizes.values.reduce(0, +) }

  /// Reads bytes of the view; fewer where it ends.
  func bytes(from offset: Int, count: Int) throws(OutputFailure) -> [UInt8] {
    guard count > 0 else { return [] }
    let pieces = try pieces(from: offset, count: count)
    if let piece = pieces.first, pieces.count == 1 { return try read(piece) }
    // What a view has of a stream in one place lies there in one piece too.
    var parts: [StepStream: ArraySlice<UInt8>] = [:]
    for stream in StepStream.allCases {
      let own = pieces.filter { $0.stream == stream }
      guard let first = own.first else { continue }
      parts[stream] = try read(Piece(stream, from: first.offset, count: own.reduce(0) { $0 + $1.count }))[...]
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for piece in pieces {
      guard let part = parts[piece.stream], part.count >= piece.count else { break }
      bytes += part.prefix(piece.count)
      parts[piece.stream] = part.dropFirst(piece.count)
    }
    return bytes
  }

  /// Cuts a range of the view into pieces, as far as they are there.
  func pieces(from offset: Int, count: Int) throws(OutputFailure) -> [OutputPiece] {
    let end = offset + count
    if view != .merged || sizes[.stderr] == 0 {
      let stream: StepStream = view == .stderr ? .stderr : .stdout
      let rest = (sizes[stream] ?? 0) - offset
      return rest > 0 ? [Piece(stream, from: offset, count: min(count, rest))] : []
    }
    var pieces: [Piece] = []
    var runs = try ArrivalRuns.read(files.arrival, around: offset)
    while runs.position.merged < end {
      let start = runs.position
      let there = max(0, (sizes[start.stream] ?? 0) - start.offset(in: start.stream))
      let length = try runs.next()
      let run = min(length ?? there, there)
      let from = max(offset, start.merged)
      let upTo = min(end, start.merged + run)
      if from < upTo {
        pieces.append(
          Piece(start.stream, from: start.offset(in: start.stream) + from - start.merged, count: upTo - from))
      }
      if let length, length > there { return pieces }
      if length == nil { return pieces + trailing(start.after(run), from: offset, to: end) }
    }
    return pieces
  }

  /// What of a stream comes behind the last run that is known; only an index that a power cut left short lets any.
  private func trailing(_ position: ArrivalIndex.Position, from offset: Int, to end: Int) -> [Piece] {
    let start = position.offset(in: position.stream)
    let count = (sizes[position.stream] ?? 0) - start
    let from = max(offset, position.merged)
    let upTo = min(end, position.merged + count)
    return from < upTo
      ? [Piece(position.stream, from: start + from - position.merged, count: upTo - from)] : []
  }

  private func read(_ piece: Piece) throws(OutputFailure) -> [UInt8] {
    try StoredFile.open(files.file(piece.stream)).bytes(from: piece.offset, count: piece.count)
  }

  private static func size(_ path: AbsolutePath) throws(OutputFailure) -> Int {
    var status = stat()
    if stat(path.text, &status) == 0 { return Int(status.st_size) }
    guard errno == ENOENT else { throw OutputFailure(.read, path, errno: errno) }
    return 0
  }
}

extension OutputView {
  fileprivate func shows(_ stream: StepStream) -> Bool {
    switch self {
    case .stdout: stream == .stdout
    case .stderr: stream == .stderr
    case .merged: true
    }
  }
}

/// The runs of an arrival index, from the block on that has an offset.
private struct ArrivalRuns: ~Copyable {
  /// Where the next run begins.
  private(set) var position = ArrivalIndex.Position()
  private let file: StoredFile
  private let size: Int
  private var block = 0
  private var rest: ArraySlice<UInt8> = []

  private init(_ file: consuming StoredFile, size: Int) {
    self.file = file
    self.size = size
  }

  static func read(_ path: AbsolutePath, around offset: Int) throws(OutputFailure) -> ArrivalRuns {
    let file = try StoredFile.open(path)
    let size = try file.size()
    var runs = ArrivalRuns(file, size: size)
    if size > ArrivalIndex.headerSize { try runs.seek(offset) }
    return runs
  }

  /// Goes to the last block that begins at an offset or before it.
  private mutating func seek(_ offset: Int) throws(OutputFailure) {
    // A block whose header is still being written doesn't count.
    var (low, high) = (0, (size - ArrivalIndex.headerSize) / ArrivalIndex.blockSize)
    while low < high {
      let middle = (low + high + 1) / 2
      let start = try start(of: middle)
      if start.map({ $0.merged <= offset }) ?? false { low = middle } else { high = middle - 1 }
    }
    block = low
    position = try start(of: low) ?? position
    rest = try runs(of: low)
  }

  /// Goes to the next run; the length of the one that was passed, nil where that one isn't over.
  mutating func next() throws(OutputFailure) -> Int? {
    if let length = ArrivalIndex.takeVarint(&rest) {
      position = position.after(length)
      return length
    }
    guard (block + 1) * ArrivalIndex.blockSize < size else { return nil }
    block += 1
    rest = try runs(of: block)
    return try next()
  }

  private func start(of block: Int) throws(OutputFailure) -> ArrivalIndex.Position? {
    let header = try file.bytes(from: block * ArrivalIndex.blockSize, count: ArrivalIndex.headerSize)
    return ArrivalIndex.position(header: header[...])
  }

  private func runs(of block: Int) throws(OutputFailure) -> ArraySlice<UInt8> {
    let start = block * ArrivalIndex.blockSize
    let count = min(ArrivalIndex.blockSize, size - start)
    return try file.bytes(from: start, count: count).dropFirst(ArrivalIndex.headerSize)
  }
}

/// A file that is read at offsets; one that doesn't exist is empty.
private struct StoredFile: ~Copyable {
  private let path: AbsolutePath
  private let file: Descriptor

  static func open(_ path: AbsolutePath) throws(OutputFailure) -> StoredFile {
    do throws(SystemError) {
      return StoredFile(path: path, file: try Descriptor.open(path.text, O_RDONLY))
    } catch {
      guard error.number == ENOENT else { throw OutputFailure(.open, path, errno: error.number) }
      return StoredFile(path: path, file: .none)
    }
  }

  func size() throws(OutputFailure) -> Int {
    var status = stat()
    if file.number < 0 { return 0 }
    guard fstat(file.number, &status) == 0 else { throw OutputFailure(.read, path, errno: errno) }
    return Int(status.st_size)
  }

  func bytes(from offset: Int, count: Int) throws(OutputFailure) -> [UInt8] {
    if file.number < 0 { return [] }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(file.number, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
        if got > 0 {
          filled += got
        } else if got == 0 || errno != EINTR {
          failure = got == 0 ? 0 : errno
          return
        }
      }
    }
    guard failure == 0 else { throw OutputFailure(.read, path, errno: failure) }
    return bytes
  }
}
