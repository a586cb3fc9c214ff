//! The most that can flow through a network (Dinic's algorithm): what decides how many sessions can be fitted.

use std::collections::VecDeque;

/// A network of nodes, numbered from 0, and edges with whole capacities. Capacities may be raised between runs; what
/// flows already stays, or is led another way where that lets more through.
#[derive(Debug, Default)]
pub struct Network {
    /// Edges and their residuals in turn: the residual of edge `e` is `e ^ 1`.
    edges: Vec<Edge>,
    /// The edges that leave each node.
    leaving: Vec<Vec<u32>>,
}

#[derive(Debug)]
struct Edge {
    to: u32,
    /// What may still flow.
    room: u32,
}

impl Network {
    /// Adds a node.
    pub fn node(&mut self) -> u32 {
        self.leaving.push(Vec::new());
        (self.leaving.len() - 1) as u32
    }

    /// Adds an edge; its number is for [`Network::flow`] and [`Network::widen`].
    pub fn edge(&mut self, from: u32, to: u32, capacity: u32) -> u32 {
        let number = self.edges.len() as u32;
        self.edges.push(Edge { to, room: capacity });
        self.edges.push(Edge { to: from, room: 0 });
        self.leaving[from as usize].push(number);
        self.leaving[to as usize].push(number + 1);
        number
    }

    /// What flows through an edge.
    pub fn flow(&self, edge: u32) -> u32 {
        self.edges[(edge ^ 1) as usize].room
    }

    /// Raises an edge's capacity to this; a lower one changes nothing.
    pub fn widen(&mut self, edge: u32, capacity: u32) {
        let flow = self.flow(edge);
        let room = &mut self.edges[edge as usize].room;
        *room = (*room).max(capacity.saturating_sub(flow));
    }

    /// Lets as much more flow as can: how much more that is.
    pub fn push(&mut self, source: u32, sink: u32) -> u32 {
        let mut pushed = 0;
        loop {
            let depth = self.depths(source);
            if depth[sink as usize] == u32::MAX {
                return pushed;
            }
            let mut next = vec![0_usize; self.leaving.len()];
            while self.path(source, sink, &depth, &mut next) {
                pushed += 1;
            }
        }
    }

    /// How many edges with room lead to each node from the source; `u32::MAX` where none do.
    fn depths(&self, source: u32) -> Vec<u32> {
        let mut depth = vec![u32::MAX; self.leaving.len()];
        depth[source as usize] = 0;
        let mut queue = VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            for number in &self.leaving[node as usize] {
                let edge = &self.edges[*number as usize];
                if edge.room > 0 && depth[edge.to as usize] == u32::MAX {
                    depth[edge.to as usize] = depth[node as usize] + 1;
                    queue.push_back(edge.to);
                }
            }
        }
        depth
    }

    /// Sends one more along a shortest path, if there is one left. Walks without recursion: a path may be long.
    fn path(&mut self, source: u32, sink: u32, depth: &[u32], next: &mut [usize]) -> bool {
        let mut walked: Vec<u32> = Vec::new();
        let mut node = source;
        while node != sink {
            let leaving = &self.leaving[node as usize];
            let found = leaving[next[node as usize]..].iter().position(|number| {
                let edge = &self.edges[*number as usize];
                edge.room > 0 && depth[edge.to as usize] == depth[node as usize] + 1
            });
            match found {
                Some(skipped) => {
                    next[node as usize] += skipped;
                    let number = leaving[next[node as usize]];
                    walked.push(number);
                    node = self.edges[number as usize].to;
                }
                None => {
                    // A dead end: back one step, and not here again.
                    let Some(number) = walked.pop() else { return false };
                    next[node as usize] = leaving.len();
                    node = self.edges[(number ^ 1) as usize].to;
                    next[node as usize] += 1;
                }
            }
        }
        for number in walked {
            self.edges[number as usize].room -= 1;
            self.edges[(number ^ 1) as usize].room += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_flows_is_led_another_way_where_that_lets_more_through() {
        // a–1, a–2, b–1: who gives 1 to a first has to take it back.
        let mut net = Network::default();
        let [source, sink, a, b, one, two] = std::array::from_fn(|_| net.node());
        for person in [a, b] {
            net.edge(source, person, 1);
        }
        let first = net.edge(a, one, 1);
        for place in [one, two] {
            net.edge(place, sink, 1);
        }
        assert_eq!((net.push(source, sink), net.flow(first)), (1, 1));
        let second = net.edge(a, two, 1);
        let only = net.edge(b, one, 1);
        assert_eq!(net.push(source, sink), 1);
        assert_eq!([first, second, only].map(|edge| net.flow(edge)), [0, 1, 1]);
    }

    #[test]
    fn a_wider_edge_lets_more_through_and_a_narrower_one_takes_nothing_back() {
        let mut net = Network::default();
        let [source, middle, sink] = std::array::from_fn(|_| net.node());
        net.edge(source, middle, 9);
        let edge = net.edge(middle, sink, 2);
        assert_eq!(net.push(source, sink), 2);
        net.widen(edge, 1);
        assert_eq!((net.push(source, sink), net.flow(edge)), (0, 2));
        net.widen(edge, 5);
        assert_eq!((net.push(source, sink), net.flow(edge)), (3, 5));
    }
}
