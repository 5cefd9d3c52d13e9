// Prints, and has in its source, what spreadsheets, browsers, Markdown and CI services obey.
// </code></pre><script>alert("owned")</script> <img src=x onerror=alert(1)> ]]> ```
#include "honest.hpp"

static const char* kEvil[] = {
    "=HYPERLINK(\"http://owned.example/\",\"owned\")\n",
    "<script>alert('owned')</script><img src=x onerror=alert(1)>\n",
    "```\n~~~\n# owned\n[owned](http://owned.example/) ![owned](http://owned.example/x.png)\n",
    "]]><failure/><!-- owned -->\n::error::owned\n##[error]owned\n\033]0;owned\007\r\xe2\x80\xae\n",
};

int main() {
  for (const char* evil : kEvil) fputs(evil, stdout);
  for (const char* evil : kEvil) fputs(evil, stderr);
  return 1;
}
