/// One place of a grid: a visible character with its marks, and how it looks.
///
/// A wide character fills two cells: the first carries it, the second is its trailing half.
/// A plain value without references, so that a grid is one flat piece of memory.
package struct Cell: Hashable, Sendable {
    private var base: UInt32
    private var firstMark: UInt32 = 0
    private var secondMark: UInt32 = 0
    /// How it looks.
    package var style: Style
    private var half: Half = .none

    private enum Half: UInt8 {
        case none
        case leading
        case trailing
    }

    /// An empty cell.
    package static let blank = Cell(ascii: 0x20, style: .plain)

    /// A cell with one printable ASCII character; the caller has checked that it is one.
    init(ascii: UInt8, style: Style) {
        base = UInt32(ascii)
        self.style = style
    }

    /// A cell with a cluster, or the first cell of a wide one.
    init(_ cluster: Cluster, style: Style) {
        base = cluster.base.value
        (firstMark, secondMark) = cluster.marks
        self.style = style
        half = cluster.width == 2 ? .leading : .none
    }

    /// The second cell of a wide character.
    static func trailing(style: Style) -> Cell {
        var cell = Cell(ascii: 0x20, style: style)
        cell.half = .trailing
        return cell
    }

    /// Whether it is the first of two cells with one character.
    package var isLeading: Bool { half == .leading }
    /// Whether it is the second of two cells with one character.
    package var isTrailing: Bool { half == .trailing }
    /// Whether nothing but a blank is to be seen.
    package var isBlank: Bool { base == 0x20 && firstMark == 0 }

    /// Code points: the character and its marks, 0 where there is none.
    var scalars: (base: UInt32, first: UInt32, second: UInt32) { (base, firstMark, secondMark) }

    /// The character with its marks; empty for a trailing half.
    package var text: String {
        guard half != .trailing else { return "" }
        var text = String.UnicodeScalarView()
        for value in [base, firstMark, secondMark] where value != 0 {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }

    /// The same look without a character.
    var erased: Cell { Cell(ascii: 0x20, style: style) }
}
