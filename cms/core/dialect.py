"""What our Markdown says beyond its libraries: players of other sites, task lists, pull quotes, recordings of our own."""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from cms.core.embeds import Embed, find_embed

_TASK = re.compile(r"^\[([ xX])\]\s+")
_RECORDING = re.compile(r"^/media/\S+\.(?:(m4a|mp3|ogg|oga|opus|wav)|(mp4|webm|mov))$")


class Embeds(Treeprocessor):
    """A paragraph that is nothing but the address of a known site becomes a figure that names it and links there.

    The address of the player stands beside it; a script on the reader's page loads it when asked.
    """

    def run(self, root: Element) -> None:
        """Exchange the paragraphs."""
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                embed = _alone(child)
                if embed is not None:
                    figure = _figure(embed)
                    figure.tail = child.tail
                    parent[place] = figure


class Tasks(Treeprocessor):
    """`- [ ] ` and `- [x] ` become boxes that can be read, not ticked."""

    def run(self, root: Element) -> None:
        """Mark the items, and the lists that hold them."""
        for ticked_list in root.iter("ul"):
            for item in ticked_list:
                first = (
                    item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
                )
                found = _TASK.match(first.text or "")
                if found is None:
                    continue
                first.text = ("☐ " if found[1] == " " else "☑ ") + (first.text or "")[found.end() :]
                item.set("class", "task-list-item")
                ticked_list.set("class", "task-list")


class Recordings(Treeprocessor):
    """`![What it is](/media/….m4a)` becomes a player."""

    def run(self, root: Element) -> None:
        """Exchange pictures that are none."""
        for image in root.iter("img"):
            found = _RECORDING.match(image.get("src", ""))
            if found is None:
                continue
            image.tag = "audio" if found[1] else "video"
            for name, value in {"controls": "", "preload": "metadata"}.items():
                image.set(name, value)
            image.attrib.pop("alt", None)


class PullQuote(Block):  # type: ignore[misc]
    """`/// pullquote`: a sentence of the text, set large beside it."""

    NAME = "pullquote"

    def on_create(self, parent: Element) -> Element:
        """The element that its words stand in."""
        return SubElement(parent, "blockquote", {"class": "pullquote"})


class PullQuotes(BlocksExtension):  # type: ignore[misc]
    """Makes pull quotes known."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:
        """Register the block."""
        block_mgr.register(PullQuote, self.getConfigs())


class Dialect(Extension):
    """All of them."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Run after the inline patterns (20), which make the links and pictures that are looked at."""
        md.treeprocessors.register(Embeds(md), "embeds", 8)
        md.treeprocessors.register(Tasks(md), "tasks", 7)
        md.treeprocessors.register(Recordings(md), "recordings", 6)


def _alone(paragraph: Element) -> Embed | None:
    if paragraph.tag != "p" or len(paragraph) != 1 or (paragraph.text or "").strip():
        return None
    link = paragraph[0]
    address = link.get("href", "")
    if link.tag != "a" or (link.tail or "").strip() or "".join(link.itertext()) != address:
        return None
    return find_embed(address)


def _figure(embed: Embed) -> Element:
    figure = Element("figure", {"class": f"embed embed-{embed.shape}", "data-embed": embed.frame})
    name = SubElement(figure, "p", {"class": "embed-name"})
    name.text = embed.name
    link = SubElement(SubElement(figure, "p"), "a", {"href": embed.address})
    link.text = embed.address
    return figure
