/// Something with a name that is unique among its like.
package protocol Named {
    /// The name.
    var name: String { get }
}

/// Named things in a stable order, found by name in constant time.
///
/// The things lie in pages, so that a change copies one page and not all of them while
/// somebody else keeps an older copy.
package struct Roster<Element: Named & Codable & Hashable & Sendable>: Sendable {
    private var pages: [[Element?]] = []
    private var places: [String: Int] = [:]
    private var end = 0
    private static var pageSize: Int { 64 }

    /// Makes a roster; of two things of one name the later counts.
    package init(_ elements: [Element] = []) {
        for element in elements { set(element) }
    }

    /// How many things there are.
    package var count: Int { places.count }

    /// Whether there is nothing.
    package var isEmpty: Bool { places.isEmpty }

    /// All things in order.
    package var all: [Element] {
        var list: [Element] = []
        list.reserveCapacity(count)
        for page in pages {
            for case let element? in page { list.append(element) }
        }
        return list
    }

    /// Visits all things in order, without making a list.
    package func forEach(_ body: (Element) -> Void) {
        for page in pages {
            for case let element? in page { body(element) }
        }
    }

    /// All names in order.
    package var names: [String] { all.map(\.name) }

    /// The thing of a name.
    package subscript(name: String) -> Element? {
        guard let place = places[name] else { return nil }
        return pages[place / Self.pageSize][place % Self.pageSize]
    }

    /// Whether there is a thing of this name.
    package func contains(_ name: String) -> Bool { places[name] != nil }

    /// Adds a thing, or puts it in the place of the one with its name.
    package mutating func set(_ element: Element) {
        if let place = places[element.name] {
            pages[place / Self.pageSize][place % Self.pageSize] = element
            return
        }
        if end == pages.count * Self.pageSize {
            pages.append([])
            pages[pages.count - 1].reserveCapacity(Self.pageSize)
        }
        pages[pages.count - 1].append(element)
        places[element.name] = end
        end += 1
    }

    /// Changes a thing in its place, if there is one; its name must stay.
    package mutating func update(_ name: String, _ body: (inout Element) -> Void) {
        guard let place = places[name] else { return }
        let (page, slot) = (place / Self.pageSize, place % Self.pageSize)
        guard var element = pages[page][slot] else { return }
        pages[page][slot] = nil
        body(&element)
        pages[page][slot] = element
    }

    /// Puts a thing in the place of the one of another name.
    package mutating func rename(_ name: String, to element: Element) {
        guard let place = places[name], places[element.name] == nil else { return }
        places[name] = nil
        places[element.name] = place
        pages[place / Self.pageSize][place % Self.pageSize] = element
    }

    /// Takes a thing out.
    package mutating func remove(_ name: String) {
        guard let place = places.removeValue(forKey: name) else { return }
        pages[place / Self.pageSize][place % Self.pageSize] = nil
        if end > 2 * count + Self.pageSize { self = Roster(all) }
    }
}

extension Roster: Hashable {
    /// Whether both hold the same things in the same order.
    package static func == (left: Roster, right: Roster) -> Bool { left.all == right.all }

    /// Hashes the things in order.
    package func hash(into hasher: inout Hasher) { hasher.combine(all) }
}

extension Roster: Codable {
    /// Reads a list of things.
    package init(from decoder: any Decoder) throws {
        self.init(try [Element](from: decoder))
    }

    /// Writes a list of things.
    package func encode(to encoder: any Encoder) throws { try all.encode(to: encoder) }
}
