import Terminal

/// Which part of the screen belongs to what.
struct Layout: Equatable {
    /// The smallest screen that is of use.
    static let smallest = Rect(rows: 10, columns: 40)

    let screen: Rect
    let header: Rect
    /// The list with its line of headings; empty if the detail pane has all the room.
    let list: Rect
    /// The line between the panes when they are side by side.
    let divider: Rect
    /// The detail pane with its line of tabs; empty if there is none.
    let detail: Rect
    let status: Rect
    let hints: Rect

    init(rows: Int, columns: Int, hasDetail: Bool, isZoomed: Bool) {
        screen = Rect(rows: rows, columns: columns)
        let (head, rest) = screen.splitTop(rows >= 14 ? 3 : 2)
        let (middle, foot) = rest.splitBottom(2)
        header = head
        status = foot.line(0)
        hints = foot.line(1)
        let none = Rect(rows: 0, columns: 0)
        guard hasDetail else {
            (list, divider, detail) = (middle, none, none)
            return
        }
        if isZoomed || (middle.columns < 120 && middle.rows < 12) {
            (list, divider, detail) = (none, none, middle)
        } else if middle.columns >= 120 {
            let (left, right) = middle.splitRight(max(60, middle.columns * 45 / 100))
            let (line, pane) = right.splitLeft(1)
            (list, divider, detail) = (left, line, pane)
        } else {
            let (upper, lower) = middle.splitTop(max(4, middle.rows * 2 / 5))
            (list, divider, detail) = (upper, none, lower)
        }
    }

    var isTooSmall: Bool {
        screen.rows < Self.smallest.rows || screen.columns < Self.smallest.columns
    }

    /// How many rows of the list are visible.
    var listHeight: Int { max(0, list.rows - 1) }
    /// The part of the detail pane below its heading and its tabs.
    var detailBody: Rect { detail.splitTop(2).rest }
}
