"""VK ID on loopback: its page where a person lets an application know him, its tokens, its profiles."""

from infra.local.fakes.vkid.server import VkIdServer
from infra.local.fakes.vkid.state import DEMO_PEOPLE, Application, VkPerson

__all__ = ["DEMO_PEOPLE", "Application", "VkIdServer", "VkPerson"]
