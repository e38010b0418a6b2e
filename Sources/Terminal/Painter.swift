import CNcurses

/// Draws grids with ncurses into memory; knows colours and glyphs, not the terminal's device.
@MainActor
struct Painter {
    /// What ncurses is told of a style.
    private struct Pen {
        var attributes: UInt32
        var pair: Int32
    }

    /// Two colours, by ncurses' numbers.
    private struct Pair: Hashable {
        let foreground: Int32
        let background: Int32
    }

    /// How many colours are used.
    let colors: ColorDepth
    private let unicode: Bool
    private let pairLimit: Int32
    private var pens: [Style: Pen] = [:]
    private var pairs: [Pair: Int32] = [:]
    private var line: [cn_cell] = []
    private var shown: Grid?

    /// The most styles remembered; a program with more than these starts over.
    private static let mostPens = 4096

    /// Begins; ncurses has been started.
    ///
    /// - Parameters:
    ///   - wanted: The colours that may be used.
    ///   - unicode: Whether more than ASCII may be drawn.
    init(wanted: ColorDepth, unicode: Bool) {
        self.unicode = unicode
        pairLimit = cn_pairs()
        let isDirect = cn_has_direct_colors() && cn_colors() > 256
        switch cn_colors() {
        case ..<8: colors = .mono
        case ..<16: colors = min(wanted, .ansi8)
        case ..<256: colors = min(wanted, .ansi16)
        default: colors = isDirect ? wanted : min(wanted, .indexed256)
        }
    }

    /// Forgets what is on the screen, so that the next grid is drawn whole.
    mutating func forget() {
        shown = nil
    }

    /// Whether drawing a grid would change nothing.
    func isShown(_ grid: Grid) -> Bool {
        shown == grid
    }

    /// Draws what of each row differs from the last grid.
    mutating func draw(_ grid: Grid) {
        if pairs.count >= Int(pairLimit) - 1 || pens.count > Self.mostPens {
            // All pairs are given away: begin anew, and with it the whole picture.
            pairs.removeAll()
            pens.removeAll()
            shown = nil
        }
        let before = shown.flatMap { $0.rows == grid.rows && $0.columns == grid.columns ? $0 : nil }
        for row in 0..<grid.rows {
            let columns = grid.columns(of: row, differingFrom: before)
            if !columns.isEmpty { draw(row: row, columns, of: grid) }
        }
        let cursor = grid.cursor.flatMap {
            grid.bounds.contains(row: $0.row, column: $0.column) ? $0 : nil
        }
        cn_set_cursor(Int32(cursor?.row ?? -1), Int32(cursor?.column ?? 0))
        shown = grid
    }

    private mutating func draw(row: Int, _ columns: Range<Int>, of grid: Grid) {
        line.removeAll(keepingCapacity: true)
        var style: Style?
        var pen = Pen(attributes: 0, pair: 0)
        for cell in grid.line(row, columns) {
            if cell.style != style {
                style = cell.style
                pen = self.pen(for: cell.style)
            }
            append(cell, pen)
        }
        line.withUnsafeBufferPointer { cells in
            guard let first = cells.baseAddress else { return }
            cn_put(Int32(row), Int32(columns.lowerBound), first, Int32(cells.count))
        }
    }

    private mutating func append(_ cell: Cell, _ pen: Pen) {
        var (base, first, second) = cell.scalars
        if !unicode {
            // One sign for each half, so that columns stay where they are.
            let scalar = Unicode.Scalar(base) ?? "?"
            base = cell.isTrailing ? 0x3F : ASCIITwin.of(scalar).value
            (first, second) = (0, 0)
        } else if cell.isTrailing {
            return
        }
        line.append(
            cn_cell(
                scalars: (base, first, second),
                attributes: pen.attributes,
                pair: pen.pair,
                columns: unicode && cell.isLeading ? 2 : 1
            )
        )
    }

    private mutating func pen(for style: Style) -> Pen {
        if let pen = pens[style] { return pen }
        let pen = Pen(
            attributes: UInt32(style.attributes.rawValue),
            pair: pair(style.foreground, style.background)
        )
        pens[style] = pen
        return pen
    }

    private mutating func pair(_ foreground: Color, _ background: Color) -> Int32 {
        guard colors != .mono else { return 0 }
        let pair = Pair(foreground: number(foreground), background: number(background))
        if pair.foreground < 0 && pair.background < 0 { return 0 }
        if let known = pairs[pair] { return known }
        let next = Int32(pairs.count) + 1
        // With more pairs than there are in one frame, the rest has the terminal's own colours.
        guard next < pairLimit else { return 0 }
        cn_set_pair(next, pair.foreground, pair.background)
        pairs[pair] = next
        return next
    }

    /// ncurses' number of a colour, -1 for the terminal's own.
    private func number(_ color: Color) -> Int32 {
        switch color.reduced(to: colors) {
        case .default: return -1
        case .ansi(let number) where colors < .truecolor || number < 8: return Int32(number)
        case .indexed(let number) where colors < .truecolor || number < 8: return Int32(number)
        case let direct:
            let parts = direct.components
            let value = Int32(parts.red << 16 | parts.green << 8 | parts.blue)
            // The first eight numbers are the ANSI colours; these few blues look black anyway.
            return value < 8 ? 0 : value
        }
    }
}
