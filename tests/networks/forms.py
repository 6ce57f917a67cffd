"""Reading forms with files (RFC 7578), for networks that take them."""

from email.parser import BytesParser
from email.policy import HTTP

from tests.networks import Request

Files = dict[str, tuple[str, str, bytes]]  # field: file name, media type, content


def read_form(request: Request) -> tuple[dict[str, str], Files]:
    """The fields and the files of a form, whichever way it was sent."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return dict(request.form), {}
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.body)
    fields: dict[str, str] = {}
    files: Files = {}
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename() is None:
            fields[name] = content.decode()
        else:
            files[name] = (part.get_filename(), part.get_content_type(), content)
    return fields, files
